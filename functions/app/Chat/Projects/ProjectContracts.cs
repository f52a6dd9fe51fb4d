namespace Vox.Chat.Projects;

/// <summary>What anybody who knows a project's id may know of it: that it exists.</summary>
public sealed record ProjectView(string ProjectId);
