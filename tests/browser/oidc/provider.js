// A real OpenID Connect provider on this machine. It knows one client, lets anybody in under any name, and prints its
// address when it is ready. Its own pages of the package would ask another machine for a typeface, so it has one of ours.
//
// node provider.js <port> <callback of the dashboard> <client id> <client secret>
import { generateKeyPairSync } from "node:crypto";
import { Provider } from "oidc-provider";

const [port, callback, clientId, clientSecret] = process.argv.slice(2);
// Another site than the dashboard, as a browser counts sites: cookies behave as between two organisations.
const issuer = `http://localhost:${port}`;
// Made at each start: starting anew changes the keys.
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

const provider = new Provider(issuer, {
  clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [callback], grant_types: ["authorization_code"] }],
  jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256" }] },
  claims: { openid: ["sub", "amr"], profile: ["name"] },
  // The name stands in the ID token, as it does at the large providers.
  conformIdTokenClaims: false,
  cookies: { keys: ["signs the cookies of the tests"] },
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, subject) => ({ accountId: subject, claims: () => ({ sub: subject, name: `${subject} of the tests` }) }),
  // Whoever signs in agrees.
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({ clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope("openid profile");
    await grant.save();
    return grant;
  },
  ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 600, IdToken: 300, Interaction: 600, Session: 600 },
});

const PAGE = `<!doctype html><html lang="en"><title>Provider of the tests</title><link rel="icon" href="data:,">
<h1>Provider of the tests</h1>
<form method="post"><label>Name <input name="name"></label><label><input type="checkbox" name="code"> with a code</label>
<button>Continue</button><button name="refuse" value="yes">Refuse</button></form></html>`;

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith("/interaction/")) return next();
  if (ctx.method === "GET") {
    ctx.type = "html";
    ctx.body = PAGE;
    return undefined;
  }
  let sent = "";
  for await (const piece of ctx.req) sent += piece;
  const form = new URLSearchParams(sent);
  const result = form.get("refuse")
    ? { error: "access_denied" }
    : { login: { accountId: form.get("name"), amr: form.get("code") ? ["pwd", "mfa"] : ["pwd"] } };
  ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result));
  return undefined;
});

provider.listen(Number(port), "127.0.0.1", () => console.log(issuer));
