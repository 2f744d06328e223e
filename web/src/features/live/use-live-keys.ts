import { type RefObject, useEffect } from "react";

function types(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** `/` goes to the list's search (before the palette hears it); Escape lets go of what is selected. */
export function useLiveKeys(search: RefObject<HTMLInputElement | null>, onEscape: (() => void) | null): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "/" && search.current && !types(event.target)) {
        event.preventDefault();
        event.stopPropagation();
        search.current.focus();
        search.current.select();
      }
      if (event.key === "Escape" && onEscape && !types(event.target)) onEscape();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [search, onEscape]);
}
