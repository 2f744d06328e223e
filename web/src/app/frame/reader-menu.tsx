import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { LogOut, Settings } from "lucide-react";
import { Button } from "react-aria-components/Button";
import { Header } from "react-aria-components/Header";
import { Menu, MenuItem, MenuSection, MenuTrigger } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { Separator } from "react-aria-components/Separator";
import { THEME_ICONS, THEME_WORDS } from "@/ui/theme-words";
import { useSignOut } from "@/features/accounts/use-sign-out";
import { useMe } from "@/lib/session";
import { chooseTheme, THEMES, type Theme, useChosenTheme } from "@/ui/theme";

const ITEM =
  "flex min-h-11 cursor-pointer items-center gap-3 rounded-lg px-3 outline-none data-[focused]:bg-raised data-[focus-visible]:outline-3 data-[focus-visible]:-outline-offset-3";

/** First letters of a name, at most two. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const picked = words.length > 1 ? [words[0], words.at(-1)] : words;
  return picked.map((word) => Array.from(word ?? "")[0]?.toUpperCase() ?? "").join("") || "?";
}

/** Who is signed in, where, the theme, and the way out. */
export function ReaderMenu() {
  const { t, i18n } = useLingui();
  const me = useMe();
  const name = me.person?.name ?? me.tenant.name;
  const short = initials(name);
  const theme = useChosenTheme();
  const navigate = useNavigate();
  const signOut = useSignOut();
  return (
    <MenuTrigger>
      <Button
        aria-label={t`${short}: menu of ${name}, ${me.tenant.name}`}
        className="grid size-11 place-items-center rounded-full bg-accent-tint font-semibold text-accent hover:brightness-95"
      >
        {short}
      </Button>
      <Popover
        placement="right bottom"
        className="w-72 rounded-lg border border-line bg-surface p-1 shadow-float"
      >
        <div className="px-3 py-2">
          <p className="font-semibold">{name}</p>
          <p className="text-sm text-quiet">{me.person?.email}</p>
          <p className="mt-1 text-sm text-quiet">{me.tenant.name}</p>
        </div>
        <Menu aria-label={t`Your menu`} className="outline-none">
          <Separator className="my-1 border-t border-line" />
          <MenuSection
            selectionMode="single"
            selectedKeys={[theme]}
            onSelectionChange={(keys) => {
              const [chosen] = keys as Iterable<Theme>;
              if (chosen) chooseTheme(chosen);
            }}
          >
            <Header className="px-3 pt-1 text-sm font-medium text-quiet">
              <Trans>Theme</Trans>
            </Header>
            {THEMES.map((each) => {
              const Icon = THEME_ICONS[each];
              return (
                <MenuItem key={each} id={each} textValue={i18n._(THEME_WORDS[each])} className={ITEM}>
                  <Icon size={18} aria-hidden="true" />
                  <span className="flex-1">{i18n._(THEME_WORDS[each])}</span>
                  {each === theme && <span aria-hidden="true">✓</span>}
                </MenuItem>
              );
            })}
          </MenuSection>
          <Separator className="my-1 border-t border-line" />
          <MenuItem className={ITEM} onAction={() => void navigate({ to: "/settings" })}>
            <Settings size={18} aria-hidden="true" />
            <Trans>Settings</Trans>
          </MenuItem>
          <MenuItem className={ITEM} onAction={signOut}>
            <LogOut size={18} aria-hidden="true" />
            <Trans>Sign out</Trans>
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
