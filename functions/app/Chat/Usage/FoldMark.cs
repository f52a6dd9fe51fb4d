using Vox.Platform.Storage;

namespace Vox.Chat.Usage;

/// <summary>What a project is charged for. Each part is added up by itself.</summary>
public enum UsagePart
{
    Messages,
    Files,
    Users,
}

/// <summary>A part of a project's usage has changed, and must be added up.</summary>
/// <param name="Day">It has not changed for days before this one.</param>
/// <param name="Until">Nothing more is changed under this mark from then on.</param>
/// <param name="IsFormer">The previous version has written it.</param>
public sealed record FoldMark(
    string ProjectId, UsagePart Part, DateOnly Day, DateTimeOffset Until, string Row, RowVersion Version, bool IsFormer = false);
