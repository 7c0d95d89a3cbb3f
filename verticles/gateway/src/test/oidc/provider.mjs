// Serves oidc-provider on a free port and prints the port. POST /rotate gives it new keys.
import { createServer } from 'node:http';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import Provider from 'oidc-provider';

const AUDIENCE = 'https://concert.test/api';
let handle;

function key() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'RS256' };
}

function provider(issuer) {
  return new Provider(issuer, {
    jwks: { keys: [key()] },
    clients: [
      {
        client_id: 'ada',
        client_secret: 'secret',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: 'concert',
          audience: AUDIENCE,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 3600,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    extraTokenClaims: () => ({
      tenant_id: 'acme',
      email: 'ada@example.com',
      email_verified: true,
    }),
  }).callback();
}

const server = createServer((request, response) => {
  if (request.url === '/rotate') {
    handle = provider(`http://127.0.0.1:${server.address().port}`);
    response.end();
  } else {
    handle(request, response);
  }
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  handle = provider(`http://127.0.0.1:${port}`);
  console.log(`PORT ${port}`);
});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
