// An OpenID Connect provider nobody here wrote (oidc-provider), with three invented people, on loopback.
// node provider.mjs <redirect uri>   prints "listening <issuer>"
import { createServer } from "node:http";

import { Provider } from "oidc-provider";

const PEOPLE = {
  "u-1": { name: "Dominique Essai", groups: ["encombrants-dpo", "tout-le-monde"] },
  "u-2": { name: "Sacha Essai", groups: ["tout-le-monde"] },
  "u-3": { name: "Alix Essai", groups: "encombrants-agents" },
};

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "callbot",
        client_secret: "un-secret-pour-les-essais-seulement",
        redirect_uris: [process.argv[2]],
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    claims: { openid: ["sub"], profile: ["name", "groups"] },
    findAccount: (_context, id) =>
      PEOPLE[id] && { accountId: id, claims: () => ({ sub: id, ...PEOPLE[id] }) },
    features: { devInteractions: { enabled: true } },
    pkce: { required: () => true },
    cookies: { keys: ["essais"] },
  });
  server.on("request", provider.callback());
  console.log(`listening ${issuer}`);
});
