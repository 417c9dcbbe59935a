// The field for a backpack's address, wherever one is added.
import type { Child } from "hono/jsx";

interface AddressFieldProps {
  /** What stands in it already. */
  readonly address: string;
  /** What happens with the address, after an example of one. */
  readonly children: Child;
}

export function AddressField({ address, children }: AddressFieldProps) {
  return (
    <div>
      <label for="address">Its address</label>
      <p class="soft small" id="address-help">
        Such as backpack.example.org. {children}
      </p>
      <input
        type="text"
        inputmode="url"
        id="address"
        name="address"
        required
        maxlength={2048}
        value={address}
        autocapitalize="off"
        autocomplete="url"
        spellcheck={false}
        aria-describedby="address-help"
      />
    </div>
  );
}
