// Serves oidc-provider on a free port and prints the port. GET /page?redirect_uri=…&after=… registers the page there.
import { createServer } from 'node:http';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import Provider from 'oidc-provider';

const AUDIENCE = 'https://concert.test/api';
let handle;

function key() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'RS256' };
}

function provider(issuer, redirectUri, after) {
  return new Provider(issuer, {
    jwks: { keys: [key()] },
    cookies: { keys: [randomUUID()] },
    clients: [
      {
        client_id: 'the-page',
        client_secret: 's3cret of the page',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: [redirectUri],
        post_logout_redirect_uris: [after],
      },
    ],
    conformIdTokenClaims: false,
    claims: { openid: ['sub', 'groups'], email: ['email', 'email_verified'], profile: ['name'] },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@example.com`, email_verified: true, name: id, groups: id === 'ada' ? ['everybody', 'operators'] : ['everybody'] }),
    }),
    issueRefreshToken: () => true,
    features: {
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: '',
          audience: AUDIENCE,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 3600,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    extraTokenClaims: (_, token) => ({
      tenant_id: 'acme',
      email: `${token.accountId}@example.com`,
      email_verified: true,
    }),
  }).callback();
}

const server = createServer((request, response) => {
  const url = new URL(request.url, `http://127.0.0.1:${server.address().port}`);
  if (url.pathname === '/page') {
    handle = provider(url.origin, url.searchParams.get('redirect_uri'), url.searchParams.get('after'));
    response.end();
  } else {
    handle(request, response);
  }
});
server.listen(0, '127.0.0.1', () => console.log(`PORT ${server.address().port}`));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
