using Vox.Chat.Model;

namespace Vox.Chat.Projects;

/// <summary>Who opens a media address.</summary>
/// <param name="User">Null for those who manage the project: they see all files.</param>
public readonly record struct MediaViewer(UserIdentity? User);
