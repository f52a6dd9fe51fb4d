using Vox.Chat.Model;

namespace Vox.Chat.Projects;

/// <summary>Who opens a media address.</summary>
/// <param name="User">Null for somebody who manages the project: they see all files.</param>
/// <param name="ManagerId">Their id in the portal; null for a user.</param>
public readonly record struct MediaViewer(UserIdentity? User, string? ManagerId = null);
