// Where the pages of an organization's badges are, for its administrators.
export const BADGES_PATH = "/admin/badges";

export function badgePath(id: string): string {
  return `${BADGES_PATH}/${encodeURIComponent(id)}`;
}
