// The shapes of /api/v1/ (docs/api.md): users and their presence. Times are Unix milliseconds of the server's clock.

export interface Profile {
  displayName: string;
  status: string;
  photo: string;
}

export interface OwnProfile extends Profile {
  loginId: string;
}

export interface UserInfo extends Profile {
  id: string;
  online: boolean;
  /** 0 when the user was never online. */
  lastSeen: number;
}

export interface Contact extends UserInfo {
  type: number;
  registered: boolean;
  blocked: boolean;
}

export interface PresenceEvent {
  user: string;
  online: boolean;
  time: number;
  status: string;
}

export interface ProfileEvent extends Profile {
  user: string;
}

export interface TypingEvent {
  from: string;
  to?: string;
  group?: string;
}
