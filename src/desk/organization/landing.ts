// Where somebody lands who has switched to another organization: where they were, if there is such a page for them.
import { isId } from "../../ids.ts";
import { nextPath } from "../../signin/next-path.ts";

export interface Rights {
  /** In the organization they have switched to. */
  readonly award: boolean;
  readonly administer: boolean;
  /** They look after the site. */
  readonly site: boolean;
}

const HOME = "/me";
/** Pages of the whole site among those of an organization. */
const OF_THE_SITE = /^\/admin\/(?:backpacks|health)(?:\/|$)/;

/**
 * The path of the page whose form this is, by its Referer: a page of ours (the public origin, or the
 * one the request came to), up to what is the former organization's own, without its query. Where
 * their role does not let them see it, or nothing says where they were, another page that does.
 */
export function landing(publicUrl: string, request: Request, rights: Rights): string {
  const path = ownPath(publicUrl, request);
  if (path === null) return rights.administer ? "/admin" : HOME;
  if (OF_THE_SITE.test(path)) return rights.site ? path : HOME;
  if (/^\/admin(?:\/|$)/.test(path) && !rights.administer) return rights.award ? "/award" : HOME;
  if (/^\/award(?:\/|$)/.test(path) && !rights.award) return HOME;
  return path;
}

function ownPath(publicUrl: string, request: Request): string | null {
  const referer = request.headers.get("referer") ?? "";
  if (!URL.canParse(referer)) return null;
  const { origin, pathname } = new URL(referer);
  if (origin !== publicUrl && origin !== new URL(request.url).origin) return null;
  const steps = pathname.split("/");
  const foreign = steps.findIndex(isId);
  return nextPath(foreign === -1 ? pathname : steps.slice(0, foreign).join("/"));
}
