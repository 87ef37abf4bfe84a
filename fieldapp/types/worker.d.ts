/** What the server puts before the worker's text. */
declare const REV: string;
declare const FILES: Record<string, string>;
