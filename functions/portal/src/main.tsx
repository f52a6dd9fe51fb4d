import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import { createTheme, MantineProvider, Modal, Notification, TableScrollContainer, type CSSVariablesResolver } from "@mantine/core";
import { ModalsProvider } from "@mantine/modals";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { App } from "./App";
import { Guard } from "./parts/Guard";
import { queries } from "./queries";
import { SessionProvider } from "./session";

const theme = createTheme({
  primaryColor: "blue",
  // The lighter default shades do not reach a contrast of 4.5 against white text.
  primaryShade: { light: 8, dark: 8 },
  defaultRadius: "md",
  respectReducedMotion: true,
  components: {
    Modal: Modal.extend({ defaultProps: { closeButtonProps: { "aria-label": "Close" } } }),
    // A table that scrolls sideways on a phone can be scrolled by keyboard too.
    TableScrollContainer: TableScrollContainer.extend({ defaultProps: { scrollAreaProps: { viewportProps: { tabIndex: 0 } } } }),
    Notification: Notification.extend({ defaultProps: { closeButtonProps: { "aria-label": "Dismiss" } } }),
  },
});

// Colours with a contrast of at least 4.5 for errors, hints and placeholders. The defaults have less.
const contrast: CSSVariablesResolver = () => ({
  variables: {},
  light: { "--mantine-color-error": "#c02525", "--mantine-color-dimmed": "#5c636a", "--mantine-color-placeholder": "#6a7178",
    "--mantine-color-blue-light-color": "#145591", "--mantine-color-red-light-color": "#a61e1e", "--mantine-color-green-light-color": "#1b6b2f",
    "--mantine-color-yellow-light-color": "#7a4b00", "--mantine-color-orange-light-color": "#8f3d00", "--mantine-color-gray-light-color": "#495057" },
  dark: { "--mantine-color-error": "#ff8787", "--mantine-color-dimmed": "#a6a7ab", "--mantine-color-placeholder": "#a6a7ab" },
});

// After an update, the files of a page that was opened before may be gone. A reload gets the new ones. It happens at most once a minute: a
// broken update must not reload for ever.
addEventListener("vite:preloadError", event => {
  const last = Number(sessionStorage.getItem("vox.portal.reloaded"));
  if (Date.now() - last < 60_000) return;
  sessionStorage.setItem("vox.portal.reloaded", String(Date.now()));
  event.preventDefault();
  location.reload();
});

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={contrast} defaultColorScheme="auto">
      <ModalsProvider>
        <Notifications position="bottom-right" />
        <BrowserRouter basename="/portal">
          <QueryClientProvider client={queries}>
            <SessionProvider>
              <Guard><App /></Guard>
            </SessionProvider>
          </QueryClientProvider>
        </BrowserRouter>
      </ModalsProvider>
    </MantineProvider>
  </StrictMode>,
);
