import { Center, Loader } from "@mantine/core";
import { lazy, Suspense, type ComponentType } from "react";
import { Navigate, Route, Routes, useLocation } from "react-router";
import { safeNext } from "./next";
import { ProjectLayout } from "./pages/ProjectLayout";
import { NotFound } from "./pages/NotFound";
import { Shell } from "./pages/Shell";
import { SignIn } from "./pages/SignIn";
import { useSession } from "./session";

// Each page is fetched when it is first opened: charts, calendars and the captcha are most of the code.
const page = <Name extends string>(name: Name, load: () => Promise<Record<Name, ComponentType>>) =>
  lazy(async () => ({ default: (await load())[name] }));
const Dashboard = lazy(() => import("./pages/Dashboard"));
const Reference = lazy(() => import("./pages/Reference"));
const QuickStart = lazy(() => import("./pages/QuickStart"));
const SignUp = page("SignUp", () => import("./pages/SignUp"));
const Activate = page("Activate", () => import("./pages/Links"));
const Forgot = page("Forgot", () => import("./pages/Links"));
const Reset = page("Reset", () => import("./pages/Links"));
const Welcome = page("Welcome", () => import("./pages/Welcome"));
const Terms = page("Terms", () => import("./pages/Terms"));
const Projects = page("Projects", () => import("./pages/Projects"));
const Estimate = page("Estimate", () => import("./pages/Estimate"));
const Account = page("Account", () => import("./pages/Account"));
const Invoice = page("Invoice", () => import("./pages/Invoice"));
const Invitation = page("Invitation", () => import("./pages/Invitation"));
const Overview = page("Overview", () => import("./pages/Overview"));
const Credits = page("Credits", () => import("./pages/Credits"));
const Payment = page("Payment", () => import("./pages/Payment"));
const UserDetails = page("UserDetails", () => import("./pages/UserDetails"));
const Users = page("Users", () => import("./pages/Users"));
const ChatSettings = page("ChatSettings", () => import("./pages/ChatSettings"));
const History = page("History", () => import("./pages/History"));
const Members = page("Members", () => import("./pages/Members"));
const Webhooks = page("Webhooks", () => import("./pages/Webhooks"));
const ApiRequests = page("ApiRequests", () => import("./pages/ApiRequests"));
const BeforeSend = page("BeforeSend", () => import("./pages/BeforeSend"));
const Moderation = page("Moderation", () => import("./pages/Moderation"));
const WordLists = page("WordLists", () => import("./pages/WordLists"));
const ApiKeys = page("ApiKeys", () => import("./pages/ApiKeys"));
const Audit = page("Audit", () => import("./pages/Audit"));
const DataProtection = page("DataProtection", () => import("./pages/DataProtection"));
const PushMessages = page("PushMessages", () => import("./pages/PushMessages"));
const ProjectSettings = page("ProjectSettings", () => import("./pages/ProjectSettings"));

const wait = <Center h="60vh"><Loader aria-label="Loading" /></Center>;

export function App() {
  const { session } = useSession();
  const location = useLocation();
  const next = safeNext(new URLSearchParams(location.search).get("next"));
  if (session === undefined) return wait;
  return (
    <Suspense fallback={wait}>
      <Routes>
        <Route path="/activate" element={<Activate />} />
        <Route path="/reset" element={<Reset />} />
        <Route path="/forgot" element={<Forgot />} />
        <Route path="/sign-up" element={<SignUp />} />
        <Route path="/welcome" element={<Welcome />} />
        <Route path="/terms" element={<Terms />} />
        <Route path="/invitation" element={<Invitation />} />
        {session && <Route path="/projects/:projectId/invoices/:number" element={<Invoice />} />}
        {session ? (
          <Route element={<Shell />}>
            <Route path="/" element={<Projects />} />
            <Route path="/sign-in" element={<Navigate to={next} replace />} />
            <Route path="/account" element={<Account />} />
            <Route path="/estimate" element={<Estimate />} />
            <Route path="/projects/:projectId" element={<ProjectLayout />}>
              <Route index element={<Dashboard />} />
              <Route path="quick-start" element={<QuickStart />} />
              <Route path="api" element={<Reference />} />
              <Route path="overview" element={<Overview />} />
              <Route path="credits" element={<Credits />} />
              <Route path="payment" element={<Payment />} />
              <Route path="users" element={<Users />} />
              <Route path="user" element={<UserDetails />} />
              <Route path="chat-settings" element={<ChatSettings />} />
              <Route path="history" element={<History />} />
              <Route path="api-keys" element={<ApiKeys />} />
              <Route path="webhooks" element={<Webhooks />} />
              <Route path="requests" element={<ApiRequests />} />
              <Route path="before-send" element={<BeforeSend />} />
              <Route path="moderation" element={<Moderation />} />
              <Route path="word-lists" element={<WordLists />} />
              <Route path="members" element={<Members />} />
              <Route path="audit" element={<Audit />} />
              <Route path="data" element={<DataProtection />} />
              <Route path="settings" element={<ProjectSettings />} />
              <Route path="push" element={<PushMessages />} />
              <Route path="push-keys" element={<Navigate to="../push" replace />} />
              <Route path="*" element={<NotFound />} />
            </Route>
            <Route path="*" element={<NotFound />} />
          </Route>
        ) : (
          <>
            <Route path="/sign-in" element={<SignIn next={next} />} />
            <Route path="*" element={<SignIn next={location.pathname + location.search} />} />
          </>
        )}
      </Routes>
    </Suspense>
  );
}
