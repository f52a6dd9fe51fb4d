import { Center, Loader } from "@mantine/core";
import { lazy, Suspense } from "react";
import { Navigate, Route, Routes, useLocation } from "react-router";
import { Account } from "./pages/Account";
import { Activate, Forgot, Reset } from "./pages/Links";
import { Audit } from "./pages/Audit";
import { ChatSettings } from "./pages/ChatSettings";
import { Credits } from "./pages/Credits";
import { History } from "./pages/History";
import { Invoice } from "./pages/Invoice";
import { Invitation } from "./pages/Invitation";
import { Members } from "./pages/Members";
import { Overview } from "./pages/Overview";
import { Payment } from "./pages/Payment";
import { ProjectLayout } from "./pages/ProjectLayout";
import { ProjectSettings } from "./pages/ProjectSettings";
import { Projects } from "./pages/Projects";
import { Shell } from "./pages/Shell";
import { SignIn } from "./pages/SignIn";
import { SignUp } from "./pages/SignUp";
import { Terms } from "./pages/Terms";
import { Users } from "./pages/Users";
import { useSession } from "./session";

// The charts are the larger half of the code.
const Dashboard = lazy(() => import("./pages/Dashboard"));

const wait = <Center h="60vh"><Loader aria-label="Loading" /></Center>;

export function App() {
  const { session } = useSession();
  const location = useLocation();
  if (session === undefined) return wait;
  return (
    <Routes>
      <Route path="/activate" element={<Activate />} />
      <Route path="/reset" element={<Reset />} />
      <Route path="/forgot" element={<Forgot />} />
      <Route path="/sign-up" element={<SignUp />} />
      <Route path="/terms" element={<Terms />} />
      {session && <Route path="/projects/:projectId/invoices/:number" element={<Invoice />} />}
      {session ? (
        <Route element={<Shell />}>
          <Route path="/" element={<Projects />} />
          <Route path="/account" element={<Account />} />
          <Route path="/invitation" element={<Invitation />} />
          <Route path="/projects/:projectId" element={<ProjectLayout />}>
            <Route index element={<Suspense fallback={wait}><Dashboard /></Suspense>} />
            <Route path="overview" element={<Overview />} />
            <Route path="credits" element={<Credits />} />
            <Route path="payment" element={<Payment />} />
            <Route path="users" element={<Users />} />
            <Route path="chat-settings" element={<ChatSettings />} />
            <Route path="history" element={<History />} />
            <Route path="members" element={<Members />} />
            <Route path="audit" element={<Audit />} />
            <Route path="settings" element={<ProjectSettings />} />
          </Route>
          <Route path="*" element={<Navigate to="/" replace />} />
        </Route>
      ) : (
        <Route path="*" element={<SignIn next={location.pathname + location.search} />} />
      )}
    </Routes>
  );
}
