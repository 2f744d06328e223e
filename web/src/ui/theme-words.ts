import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Contrast, type LucideIcon, Monitor, Moon, Sun } from "lucide-react";
import type { Theme } from "@/ui/theme";

export const THEME_WORDS: Record<Theme, MessageDescriptor> = {
  system: msg`System`,
  light: msg`Light`,
  dark: msg`Dark`,
  contrast: msg`High contrast`,
};

export const THEME_ICONS: Record<Theme, LucideIcon> = {
  system: Monitor,
  light: Sun,
  dark: Moon,
  contrast: Contrast,
};
