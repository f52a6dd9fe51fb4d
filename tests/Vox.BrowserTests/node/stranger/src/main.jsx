import { useState } from "react";
import { createRoot } from "react-dom/client";
import { ChatClient } from "@voxfunctions/chat";
import { Composer, ConversationList, MessageList, VoxProvider } from "@voxfunctions/react";
import "@voxfunctions/react/theme.css";

const query = new URLSearchParams(location.search);
const client = new ChatClient({ server: query.get("server"), projectId: query.get("project") });
await client.logIn(query.get("user"), "secret");

function App() {
  const [peer, setPeer] = useState(query.get("with"));
  return (
    <VoxProvider client={client} locale={query.get("locale") ?? undefined}>
      <main style={{ display: "grid", gridTemplateColumns: "minmax(8rem, 1fr) 2fr", height: "100dvh" }}>
        <h1 className="vox-hidden">A stranger’s app</h1>
        <ConversationList selected={peer} onSelect={setPeer} />
        <section style={{ display: "grid", gridTemplateRows: "1fr auto", minHeight: 0 }}>
          {peer && <MessageList peer={peer} />}
          {peer && <Composer peer={peer} />}
        </section>
      </main>
    </VoxProvider>
  );
}

createRoot(document.getElementById("root")).render(<App />);
