// The parts of one thing, each a page of its own: links, so that each has an address.

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly { readonly href: string; readonly name: string }[];
  /** `href` of the one that is shown. */
  readonly current: string;
}

export function Tabs({ label, tabs, current }: TabsProps) {
  return (
    <nav class="filters tabs" aria-label={label}>
      {tabs.map(({ href, name }) => (
        <a href={href} aria-current={href === current ? "page" : undefined}>
          {name}
        </a>
      ))}
    </nav>
  );
}
