import "altcha";
import { useComputedColorScheme } from "@mantine/core";
import { createElement, useEffect, useRef } from "react";
import { href } from "../api";

/** ALTCHA's widget. A solution can be used once; a new `key` makes the widget start over. */
export function Captcha({ onSolved }: { onSolved: (payload: string) => void }) {
  const element = useRef<HTMLElement>(null);
  const scheme = useComputedColorScheme();
  const solved = useRef(onSolved);
  solved.current = onSolved;

  useEffect(() => {
    const widget = element.current;
    const listener = (event: Event) => {
      const detail = (event as CustomEvent<{ payload?: string; state?: string }>).detail;
      solved.current(detail.payload && detail.state === "verified" ? detail.payload : "");
    };
    widget?.addEventListener("statechange", listener);
    return () => widget?.removeEventListener("statechange", listener);
  }, []);

  return createElement("altcha-widget", {
    ref: element, challenge: href("captcha"), name: "captcha", style: { "--altcha-max-width": "100%", colorScheme: scheme },
  });
}
