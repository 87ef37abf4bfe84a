// @ts-check
/**
 * HVE v1 on WebCrypto, written from docs/sealed-format.md and from nothing else: the other language
 * that reads the known answers, and whose values Python reads. No page of ours loads it.
 */

const LABEL = "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0";
const CHUNK = 16384;
const [HEADER, SALT, COMMITMENT, TAG] = [26, 24, 32, 16];

export const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (one) => parseInt(one, 16));
export const hex = (bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function number(value, bytes) {
  const digits = BigInt(value).toString(16).padStart(bytes * 2, "0");
  return unhex(digits);
}

const utf8 = (text) => new TextEncoder().encode(text);
const uuid = (text) => unhex(text.replaceAll("-", ""));

function contextOf({ tenant, table, column, record_id, family_id, row_version, schema }) {
  const names = [tenant, table, column].map(utf8);
  const parts = [...names, uuid(record_id), uuid(family_id), number(row_version, 8), number(schema, 4)];
  return joined(utf8("HVEctx1"), ...parts.flatMap((part) => [number(part.length, 2), part]));
}

const headerOf = ({ dek_id, ver }) => joined(utf8("HVE"), Uint8Array.of(1, 1, 1), uuid(dek_id), number(ver, 4));

function bucket(length) {
  if (length <= 256) {
    return 256;
  }
  const exponent = Math.floor(Math.log2(length));
  const step = 2 ** (exponent - Math.floor(Math.log2(exponent)) - 1);
  return Math.ceil(length / step) * step;
}

async function derived(key, salt, header, context) {
  const how = { name: "HMAC", hash: "SHA-512" };
  const mac = await crypto.subtle.importKey("raw", key, how, false, ["sign"]);
  const block = async (text) => new Uint8Array(await crypto.subtle.sign("HMAC", mac, text));
  const info = joined(utf8(LABEL), salt, header, context);
  const first = await block(joined(info, Uint8Array.of(1)));
  const material = joined(first, await block(joined(first, info, Uint8Array.of(2))));
  const use = ["encrypt", "decrypt"];
  const aes = await crypto.subtle.importKey("raw", material.slice(0, 32), "AES-GCM", false, use);
  return { aes, nonce: material.slice(32, 44), commitment: material.slice(44, 76) };
}

function nonceOf(base, chunk) {
  const iv = base.slice();
  for (let at = 0; at < 4; at += 1) {
    iv[11 - at] ^= Math.floor(chunk / 256 ** at) % 256;
  }
  return { name: "AES-GCM", iv };
}

/** The cell that a vector describes, sealed. */
export async function seal(told, plaintext, salt) {
  const header = headerOf(told);
  const { aes, nonce, commitment } = await derived(unhex(told.key), salt, header, contextOf(told.ctx));
  const content = new Uint8Array(bucket(4 + plaintext.length));
  content.set(joined(number(plaintext.length, 4), plaintext));
  const sealed = [header, salt, commitment];
  for (let chunk = 0; chunk * CHUNK <= content.length; chunk += 1) {
    const part = content.slice(chunk * CHUNK, (chunk + 1) * CHUNK);
    sealed.push(new Uint8Array(await crypto.subtle.encrypt(nonceOf(nonce, chunk), aes, part)));
  }
  return joined(...sealed);
}

/** What a vector's blob opens to, or null. */
export async function open(told) {
  const blob = unhex(told.blob);
  const header = blob.slice(0, HEADER);
  if (blob.length < HEADER + SALT + COMMITMENT + TAG || hex(header) !== hex(headerOf(told))) {
    return null;
  }
  const salt = blob.slice(HEADER, HEADER + SALT);
  const { aes, nonce, commitment } = await derived(unhex(told.key), salt, header, contextOf(told.ctx));
  if (hex(commitment) !== hex(blob.slice(HEADER + SALT, HEADER + SALT + COMMITMENT))) {
    return null;
  }
  const content = await contentOf(aes, nonce, blob.slice(HEADER + SALT + COMMITMENT));
  return content && plaintextOf(content);
}

async function contentOf(aes, nonce, sealed) {
  const parts = [];
  let left = sealed;
  for (let chunk = 0; ; chunk += 1) {
    const part = left.slice(0, CHUNK + TAG);
    left = left.slice(CHUNK + TAG);
    try {
      parts.push(new Uint8Array(await crypto.subtle.decrypt(nonceOf(nonce, chunk), aes, part)));
    } catch {
      return null;
    }
    if (part.length < CHUNK + TAG) {
      return joined(...parts);
    }
  }
}

function plaintextOf(content) {
  const length = Number(`0x${hex(content.slice(0, 4))}`);
  const is_whole = content.length >= 4 && bucket(4 + length) === content.length;
  return is_whole && content.slice(4 + length).every((one) => one === 0) ? content.slice(4, 4 + length) : null;
}
