// The whole application: which room answers which address, in one view.
import { Hono } from "hono";
import { answerProblem, answerUnknown } from "./answer.ts";
import type { Env } from "./env.ts";
import { healthRoutes } from "./health.ts";
import { issuerRoutes } from "./issuer/routes.ts";
import { obv2Routes } from "./obv2/routes.ts";
import { pageRoutes } from "./pages/routes.tsx";

/** Handlers that need much code load with the first call to them, not at start. */
function lazily(
  load: () => Promise<{
    fetch: (request: Request, bindings: unknown) => Response | Promise<Response>;
  }>,
) {
  let loaded: ReturnType<typeof load> | undefined;
  return async (c: { req: { raw: Request }; env: unknown }): Promise<Response> => {
    loaded ??= load();
    const room = await loaded;
    return room.fetch(c.req.raw, c.env);
  };
}

/** Builds the app once for a process or isolate; every answer, also of a failure, comes from it. */
export function createApp(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));

  const { misbehaviour } = env;
  if (misbehaviour) {
    const simulator = lazily(async () =>
      (await import("./simulator/routes.ts")).simulatorRoutes(env, misbehaviour),
    );
    app.all("/dev/backpack", simulator); // /dev/backpack
    app.get("/", (c) => c.redirect("/dev/backpack", 303));
  }

  // Public documents first, with no middleware before them: they are what the world asks for most.
  app.route("/", obv2Routes(env)); //    /ob/v2/… /.well-known/jwks.json
  app.route("/", issuerRoutes(env)); //  /images/…
  app.route("/", healthRoutes(env)); //  /healthz /readyz
  app.route("/", pageRoutes(env)); //    / /b/… /problems/… /assets/…

  const cards = lazily(async () => (await import("./pages/cards/routes.ts")).cardRoutes(env));
  app.all("/b/:hash/card.png", cards); // pictures of links
  app.all("/ob/v2/badges/:id/card.png", cards);
  const catalog = lazily(async () => (await import("./catalog/routes.ts")).catalogRoutes(env));
  app.all("/catalog", catalog); //       /catalog
  app.all("/issuers/:slug", catalog); // /issuers/:slug
  for (const path of ["/feed.xml", "/issuers/:slug/feed.xml", "/sitemap.xml", "/robots.txt"]) {
    app.all(path, catalog);
  }
  const oembed = lazily(async () => (await import("./catalog/oembed/routes.ts")).oembedRoutes(env));
  app.all("/oembed", oembed); //         /oembed

  const heard = lazily(async () => (await import("./webhooks/routes.ts")).webhookRoutes(env));
  app.all("/webhooks/listen/:until", heard); // for who listens at a terminal

  const verify = lazily(async () => (await import("./verify/routes.ts")).verifyRoutes(env));
  app.all("/verify", verify); //         /verify

  const provider = lazily(async () =>
    (await import("./signin/provider/routes.ts")).providerRoutes(env),
  );
  app.all("/login/oidc", provider); //   /login/oidc
  app.all("/login/oidc/callback", provider);
  const signIn = lazily(async () => (await import("./signin/routes.ts")).signInRoutes(env));
  app.all("/login", signIn); //          /login /login/code
  app.all("/login/code", signIn);
  app.all("/auth/*", signIn); //         /auth/:token
  app.all("/logout", signIn);
  const awardLink = lazily(async () =>
    (await import("./claim/award/routes.ts")).awardLinkRoutes(env),
  );
  app.all("/claim/:token{a_[A-Za-z0-9_-]{48}}", awardLink); // the link in a recipient's mail
  const claim = lazily(async () => (await import("./claim/routes.ts")).claimRoutes(env));
  app.all("/claim/:code", claim); //     /claim/:code
  const award = lazily(async () => (await import("./desk/award/routes.ts")).awardRoutes(env));
  app.all("/award", award); //           /award
  app.all("/award/people", award);
  app.all("/award/done/:id", award);
  const vouches = lazily(async () =>
    (await import("./desk/award/vouches/routes.ts")).vouchRoutes(env),
  );
  app.all("/award/nominations/vouches", vouches); // more particular than a nomination's id
  app.all("/award/nominations/vouches/withdraw", vouches);
  const nominations = lazily(async () =>
    (await import("./desk/award/nominations/routes.ts")).nominationRoutes(env),
  );
  const declined = lazily(async () =>
    (await import("./desk/award/declined/routes.ts")).declinedRoutes(env),
  );
  app.all("/award/declined", declined); // /award/declined
  app.all("/award/nominations", nominations); // /award/nominations
  app.all("/award/nominations/:id", nominations);
  const imports = lazily(async () =>
    (await import("./desk/award/import/routes.ts")).importRoutes(env),
  );
  app.all("/award/import", imports); //  /award/import
  app.all("/award/import/*", imports);
  const codes = lazily(async () => (await import("./desk/award/codes/routes.ts")).codeRoutes(env));
  app.all("/award/codes", codes); //     /award/codes
  app.all("/award/codes/*", codes);
  const account = lazily(async () =>
    (await import("./signin/account/routes.ts")).accountRoutes(env),
  );
  const recipient = lazily(async () =>
    (await import("./recipient/routes.ts")).recipientRoutes(env),
  );
  for (const path of ["/me", "/me/badges.zip", "/me/visibility", "/me/accept", "/me/decline"]) {
    app.all(path, recipient); //         /me
  }
  const profile = lazily(async () =>
    (await import("./recipient/profile/routes.ts")).profileRoutes(env),
  );
  app.all("/me/profile", profile); //    /me/profile
  app.all("/p/:slug", profile); //       /p/:slug, a page that somebody chose to have
  for (const path of ["/me/sessions", "/me/identities"]) {
    app.all(path, account);
    app.all(`${path}/*`, account);
  }
  const dev = lazily(async () => (await import("./signin/dev/routes.ts")).devRoutes(env));
  app.all("/dev/as/:name", dev); //      in the demo only
  app.all("/dev/badges/:verdict", dev);
  app.all("/dev/mail", dev);
  app.all("/dev/mail/:id", dev);
  app.all("/dev/mail/:id/attachments/:index", dev);

  const oauth = lazily(async () => (await import("./oauth/routes.ts")).oauthRoutes(env));
  app.all("/me/backpacks/:backpack/connect", oauth);
  app.all("/oauth/callback/:backpack", oauth); // where a backpack leads back to

  const backpack = lazily(async () => (await import("./backpack/routes.ts")).backpackRoutes(env));
  app.all("/me/backpacks", backpack); // /me/backpacks
  app.all("/me/backpacks/*", backpack); // what is more particular than this stands above it
  const organization = lazily(async () =>
    (await import("./desk/organization/routes.ts")).organizationRoutes(env),
  );
  app.all("/me/organization", organization);
  const overview = lazily(async () =>
    (await import("./desk/overview/routes.ts")).overviewRoutes(env),
  );
  app.all("/admin", overview); //        /admin
  app.all("/admin/overview/*", overview); // lists it leads to
  const people = lazily(async () => (await import("./desk/people/routes.ts")).peopleRoutes(env));
  app.all("/admin/people", people); //   /admin/people
  app.all("/admin/people/new", people);
  const personBadges = lazily(async () =>
    (await import("./desk/people/badges/routes.ts")).personBadgesRoutes(env),
  );
  app.all("/admin/people/:id/awards", personBadges);
  app.all("/admin/people/:id/progress", personBadges);
  const person = lazily(async () =>
    (await import("./desk/people/person/routes.ts")).personRoutes(env),
  );
  app.all("/admin/people/*", person); // /admin/people/:id
  const settings = lazily(async () =>
    (await import("./desk/settings/routes.ts")).settingsRoutes(env),
  );
  app.all("/admin/settings", settings); // /admin/settings
  app.all("/admin/settings/*", settings);
  const setup = lazily(async () => (await import("./desk/setup/routes.ts")).setupRoutes(env));
  app.all("/setup", setup); //           /setup
  app.all("/setup/:token", setup);
  const takeout = lazily(async () => (await import("./desk/export/routes.ts")).exportRoutes(env));
  app.all("/admin/export", takeout); //  /admin/export
  const badgeEditor = lazily(async () =>
    (await import("./desk/badges/edit/routes.ts")).badgeEditorRoutes(env),
  );
  for (const path of ["new", "art", "art.svg", ":id/edit"]) {
    app.all(`/admin/badges/${path}`, badgeEditor); // /admin/badges/new /admin/badges/:id/edit
  }
  const badgeAwards = lazily(async () =>
    (await import("./desk/badges/awards/routes.ts")).badgeAwardRoutes(env),
  );
  for (const path of ["", "/awards.csv", "/awards/*"]) {
    app.all(`/admin/badges/:id${path}`, badgeAwards); // /admin/badges/:id
  }
  const badgeList = lazily(async () =>
    (await import("./desk/badges/routes.ts")).badgeListRoutes(env),
  );
  app.all("/admin/badges", badgeList); // /admin/badges
  const badge = lazily(async () => (await import("./desk/badges/one/routes.ts")).badgeRoutes(env));
  app.all("/admin/badges/:id/:part", badge); // tabs, and what is done with a badge
  const admin = lazily(async () =>
    (await import("./backpack/admin/routes.ts")).adminBackpackRoutes(env),
  );
  app.all("/admin/backpacks", admin); // /admin/backpacks
  app.all("/admin/backpacks/*", admin);
  const signingKeys = lazily(async () =>
    (await import("./desk/keys/routes.ts")).signingKeyPageRoutes(env),
  );
  app.all("/admin/keys", signingKeys); // /admin/keys
  app.all("/admin/keys/*", signingKeys);
  const apiKeys = lazily(async () =>
    (await import("./desk/api-keys/routes.ts")).apiKeyPageRoutes(env),
  );
  app.all("/admin/api-keys", apiKeys); // /admin/api-keys
  app.all("/admin/api-keys/*", apiKeys);
  const webhookDesk = lazily(async () =>
    (await import("./desk/webhooks/routes.ts")).webhookPageRoutes(env),
  );
  app.all("/admin/webhooks", webhookDesk); // /admin/webhooks /admin/webhooks/:id
  app.all("/admin/webhooks/*", webhookDesk);
  const eventSources = lazily(async () =>
    (await import("./desk/event-sources/routes.ts")).eventSourcePageRoutes(env),
  );
  app.all("/admin/event-sources", eventSources); // /admin/event-sources
  app.all("/admin/event-sources/*", eventSources);
  const wording = lazily(async () =>
    (await import("./desk/mail/wording/routes.ts")).mailWordingRoutes(env),
  );
  app.all("/admin/mail/templates", wording); // /admin/mail/templates
  app.all("/admin/mail/template", wording);
  const mails = lazily(async () => (await import("./desk/mail/routes.ts")).mailPageRoutes(env));
  app.all("/admin/mail", mails); //      /admin/mail
  app.all("/admin/mail/*", mails);
  const audit = lazily(async () => (await import("./desk/audit/routes.ts")).auditPageRoutes(env));
  for (const path of ["/admin/audit", "/admin/audit.csv"]) app.all(path, audit);
  const health = lazily(async () =>
    (await import("./desk/health/routes.ts")).healthPageRoutes(env),
  );
  app.all("/admin/health", health); //   /admin/health
  app.all("/admin/health/*", health);

  const host = lazily(async () => (await import("./host/routes.ts")).hostRoutes(env));
  app.all("/.well-known/badgeconnect.json", host);
  app.all("/.well-known/oauth-authorization-server", host);
  app.all("/ims/ob/v2p1/*", host); //    /ims/ob/v2p1/assertions /ims/ob/v2p1/profile
  for (const path of ["authorize", "token", "register", "revoke", "jwks"]) {
    app.all(`/oauth/${path}`, host);
  }
  app.all("/oauth/authorize/*", host); // where consent leads on
  app.all("/oauth/consent/*", host); //  an app's request, to be decided
  app.all("/me/badges", host); //        /me/badges
  app.all("/me/apps", host); //          /me/apps
  app.all("/me/apps/*", host);
  for (const path of ["/terms", "/privacy", "/logo.svg", "/logo.png"]) app.all(path, host);

  const api = lazily(async () => (await import("./api/routes.ts")).apiRoutes(env));
  app.all("/api/v1/*", api); //          /api/v1/…
  app.all("/openapi.json", api);
  app.all("/docs", api); //              /docs
  return app;
}

export type App = ReturnType<typeof createApp>;
