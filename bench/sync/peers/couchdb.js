// A server of the CouchDB protocol, in the smallest mode that a phone with PouchDB needs.
const [folder, port] = process.argv.slice(2);
const PouchDB = require("pouchdb").defaults({ prefix: `${folder}/` });
const serve = require("express-pouchdb")(PouchDB, {
  mode: "minimumForPouchDB",
  inMemoryConfig: true,
  logPath: `${folder}/log.txt`,
});
require("express")().use("/", serve).listen(Number(port), "127.0.0.1");
