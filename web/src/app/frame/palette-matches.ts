/** Letters without accents and case, so that "cafe" finds "Café". */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Pages in whose words every typed word begins one; all of them while nothing is typed. */
export function pagesFor<P>(pages: readonly P[], wordsOf: (page: P) => string, typed: string): P[] {
  const wanted = plain(typed).split(/\s+/).filter(Boolean);
  return pages.filter((page) => {
    const words = plain(wordsOf(page)).split(/[^\p{L}\p{N}]+/u);
    return wanted.every((part) => words.some((word) => word.startsWith(part)));
  });
}
