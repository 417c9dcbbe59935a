// What narrows a list down to one badge; a form, so that it works without a script.
import { SelectField } from "./form.tsx";

interface BadgeFilterProps {
  readonly action: string;
  /** Of the parameter that holds the badge's id. */
  readonly name: string;
  readonly label: string;
  /** What stands for all badges. */
  readonly any: string;
  readonly go: string;
  /** A badge's id; "" for any. */
  readonly value: string;
  readonly badges: readonly { readonly id: string; readonly name: string }[];
  /** Parameters that stay as they are. */
  readonly keep?: Readonly<Record<string, string>>;
}

export function BadgeFilter(props: BadgeFilterProps) {
  const { action, name, label, any, go, value, badges, keep = {} } = props;
  return (
    <form class="form inline-form" method="get" action={action}>
      {Object.entries(keep).map(([kept, as]) => (
        <input type="hidden" name={kept} value={as} />
      ))}
      <SelectField
        name={name}
        label={label}
        value={value}
        options={[
          { value: "", label: any },
          ...badges.map((badge) => ({ value: badge.id, label: badge.name })),
        ]}
      />
      <button class="btn" type="submit">
        {go}
      </button>
    </form>
  );
}
