// Reads a message of Web Push as a browser and its push service do, with others' code.
const crypto = require("node:crypto");
const ece = require("http_ece");

const [wanted] = process.argv.slice(2).map((text) => JSON.parse(text));
const bytes = (text) => Buffer.from(text, "base64url");

const key = crypto.createECDH("prime256v1");
key.setPrivateKey(bytes(wanted.privateKey));
const text = ece
  .decrypt(bytes(wanted.body), { version: "aes128gcm", privateKey: key, authSecret: wanted.auth })
  .toString();

const [, token, sender] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(wanted.authorization);
const [header, claims, signature] = token.split(".");
const point = bytes(sender);
const isSigned = crypto.verify(
  "sha256",
  Buffer.from(`${header}.${claims}`),
  {
    key: crypto.createPublicKey({
      format: "jwk",
      key: {
        kty: "EC",
        crv: "P-256",
        x: point.subarray(1, 33).toString("base64url"),
        y: point.subarray(33).toString("base64url"),
      },
    }),
    dsaEncoding: "ieee-p1363",
  },
  bytes(signature),
);
const read = (part) => JSON.parse(bytes(part).toString());
console.log(JSON.stringify({ message: JSON.parse(text), header: read(header), claims: read(claims), sender, isSigned }));
