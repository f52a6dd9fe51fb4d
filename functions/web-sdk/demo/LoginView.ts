import { ChatClient, ChatError } from "../src/index.js";
import { avatar } from "./Avatar.js";
import type { DemoConfig } from "./config.js";
import { bdi, h, icon } from "./dom.js";

/** Asks which user to log in as. */
export function loginView(config: DemoConfig, suggested: number, onLogIn: (client: ChatClient) => void): HTMLElement {
  const user = config.users[suggested];
  const project = h("input", { name: "project", value: config.projectId, required: true, autocomplete: "off", spellcheck: "false" });
  const login = h("input", { name: "login", value: user?.username ?? "", required: true, autocomplete: "username", spellcheck: "false", autocapitalize: "none" });
  const password = h("input", { name: "password", type: "password", value: user?.password ?? "", required: true, autocomplete: "current-password" });
  const error = h("p", { class: "form-error", role: "alert" });
  const button = h("button", { class: "primary", type: "submit" }, "Log in");

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    error.textContent = "";
    button.disabled = true;
    button.textContent = "Logging in …";
    const client = new ChatClient({ server: location.origin, projectId: project.value.trim(), device: "Chat demo" });
    try {
      await client.logIn(login.value, password.value);
      onLogIn(client);
    } catch (failure) {
      error.textContent = ChatError.of(failure).message;
      button.disabled = false;
      button.textContent = "Log in";
      password.select();
    }
  };

  const choices = config.users.map(({ username, password: secret }) => h("button", {
    type: "button",
    class: "choice",
    click: () => {
      login.value = username;
      password.value = secret ?? "";
      (secret ? button : password).focus();
    },
  }, avatar(username, username), bdi(username)));

  return h("div", { class: "login" },
    h("form", { class: "card", submit: submit as never, "aria-label": "Log in" },
      h("span", { class: "card-mark" }, icon("chat", 26)),
      h("h2", {}, "Log in to chat"),
      h("p", { class: "muted" }, config.users.some((known) => known.password) ? "Pick one of the demo users, or use your own." : "With a user of your project and its password."),
      choices.length > 0 && h("div", { class: "choices", role: "group", "aria-label": "Users" }, ...choices),
      h("label", {}, "User", login),
      h("label", {}, "Password", password),
      h("details", { open: !config.projectId }, h("summary", {}, "Project"), h("label", {}, "Project id", project)),
      error,
      button));
}
