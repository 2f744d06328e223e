import { Trans, useLingui } from "@lingui/react/macro";
import { cx } from "@/ui/class-names";
import { chooseTheme, THEMES, useChosenTheme } from "@/ui/theme";
import { THEME_ICONS, THEME_WORDS } from "@/ui/theme-words";

/** The four themes as one choice. */
export function ThemeChoice() {
  const { i18n } = useLingui();
  const chosen = useChosenTheme();
  return (
    <fieldset>
      <legend className="mb-2 font-medium">
        <Trans>Theme</Trans>
      </legend>
      <div className="grid grid-cols-2 gap-2">
        {THEMES.map((theme) => {
          const Icon = THEME_ICONS[theme];
          return (
            <label
              key={theme}
              className={cx(
                "flex min-h-11 cursor-pointer items-center gap-2 rounded-lg border px-3 has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-(--focus)",
                theme === chosen
                  ? "border-accent bg-accent-tint text-accent"
                  : "border-line-strong bg-surface",
              )}
            >
              <input
                type="radio"
                name="theme"
                value={theme}
                checked={theme === chosen}
                onChange={() => chooseTheme(theme)}
                className="sr-only"
              />
              <Icon size={18} aria-hidden="true" />
              {i18n._(THEME_WORDS[theme])}
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}
