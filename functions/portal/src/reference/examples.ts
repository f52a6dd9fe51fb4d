/** Values that work in a project with users, so that a call can be sent as it is filled in. */
export interface Known {
  projectId: string;
  /** Users of the project: who calls or writes, and to whom. */
  user: string;
  other: string;
}

/** A user that is not there yet: the name changes with every visit. */
const newUser = `user-${Math.random().toString(36).slice(2, 8)}`;
export const newPassword = "a-long-password-1";

/** Bodies of single operations. What is absent here is made of the schema. */
const bodies: Record<string, (known: Known) => unknown> = {
  LogIn: ({ projectId, user }) => ({ projectId, loginId: user, password: "", device: "API reference" }),
  SignUpUser: ({ projectId }) => ({ projectId, loginId: newUser, password: newPassword }),
  LogOut: () => ({ everywhere: false }),
  Sync: () => ({ newest: 20 }),
  SendMessage: ({ other }) => ({ to: other, data: "Hello" }),
  SendServerMessage: ({ user, other }) => ({ from: user, to: other, data: "Hello" }),
  CreateGroup: ({ other }) => ({ name: "Book club", members: [other] }),
  UpdateGroup: () => ({ description: "Every first Monday" }),
  AddContact: ({ other }) => ({ id: other }),
  LookUpUsers: ({ user, other }) => ({ ids: [user, other] }),
  UpdateProfile: () => ({ displayName: "Alice", status: "Reading" }),
  BeginUpload: () => ({ name: "hello.txt", size: 5, contentType: "text/plain" }),
  CompleteUpload: ({ other }) => ({ to: other }),
  UpsertUsers: () => ({ users: [{ id: newUser, displayName: "A new user" }] }),
  PatchUser: () => ({ displayName: "Alice" }),
  MintToken: () => ({ lifetimeSeconds: 3600 }),
  AddProjectUser: () => ({ username: newUser, password: newPassword }),
};

export const bodyOf = (operation: string, known: Known) => bodies[operation]?.(known);

/** Parameters and form fields by name. Those of single operations have the operation in front. */
export function fieldsOf(operation: string, { projectId, user, other }: Known): Record<string, string> {
  const all: Record<string, string> = {
    projectid: projectId, projectId, offset: "0", size: "10", fromnumber: "NULL", tonumber: "NULL", starttime: "NULL", endtime: "NULL",
    msgType: "1", ct: "text/plain", message: "Hello", username: user, user, recipient: other, with: other, userId: user, loginId: user,
    reason: "Case 4711", after: "", from: "", to: "",
  };
  const own: Record<string, Record<string, string>> = {
    CreateUser: { username: newUser, password: newPassword },
    DeleteUser: { username: newUser },
    EraseData: { username: newUser, confirmation: newUser },
  };
  return { ...all, ...own[operation] };
}
