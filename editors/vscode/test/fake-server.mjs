// A language server that answers everything with null and writes what it heard to the file named by HEARD.
import { appendFileSync } from "node:fs";

let buffer = Buffer.alloc(0);
process.stdin.on("data", (chunk) => {
  buffer = Buffer.concat([buffer, chunk]);
  for (;;) {
    const end = buffer.indexOf("\r\n\r\n");
    const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, Math.max(end, 0)).toString())?.[1]);
    if (end < 0 || buffer.length < end + 4 + length) {
      return;
    }
    handle(JSON.parse(buffer.subarray(end + 4, end + 4 + length).toString()));
    buffer = buffer.subarray(end + 4 + length);
  }
});

function handle(message) {
  appendFileSync(process.env.HEARD, `${JSON.stringify(message)}\n`);
  if (message.method === "initialize") {
    send({ id: message.id, result: { capabilities: {} } });
  } else if (message.method === "initialized") {
    send({ id: 1, method: "workspace/configuration", params: { items: [{ section: "nixscope" }, { section: "nixscope.select" }] } });
  } else if (message.method === "exit") {
    process.exit(0);
  } else if (message.id !== undefined && message.method !== undefined) {
    send({ id: message.id, result: null });
  }
}

function send(message) {
  const text = JSON.stringify({ jsonrpc: "2.0", ...message });
  process.stdout.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
}
