import type { I18n, MessageDescriptor } from "@lingui/core";

/** The sentence for one of the API's words; a word newer than this page stands for itself. */
export function wordOf(
  i18n: Pick<I18n, "_">,
  words: Readonly<Record<string, MessageDescriptor>>,
  key: string,
): string {
  const word = words[key];
  return word ? i18n._(word) : key;
}
