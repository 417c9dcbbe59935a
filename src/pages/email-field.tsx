// The field an e-mail address is typed into, with the words that belong to it.

interface EmailFieldProps {
  readonly label: string;
  /** What the address is for. */
  readonly help: string;
  /** What was typed last. */
  readonly value: string;
}

export function EmailField({ label, help, value }: EmailFieldProps) {
  return (
    <div>
      <label for="email">{label}</label>
      <p class="soft small" id="email-help">
        {help}
      </p>
      <input
        type="email"
        id="email"
        name="email"
        value={value}
        required
        maxlength={254}
        autocomplete="email"
        autocapitalize="off"
        spellcheck={false}
        aria-describedby="email-help"
      />
    </div>
  );
}
