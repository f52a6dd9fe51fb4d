using System.ComponentModel;

namespace Vox.Chat.ServerApi.Data;

/// <summary><c>POST /api/server/v1/exports</c></summary>
internal sealed record ServerExportRequest(
    [property: Description("The user's id. Absent: the whole project.")]
    string? UserId = null);

/// <summary><c>POST /api/server/v1/erasures</c></summary>
internal sealed record ServerErasureRequest(
    [property: Description("The user's id.")]
    string? UserId,
    [property: Description("Also when there is no such user any more: then everybody is erased who had this id and was deleted. Default "
        + "false.")]
    bool Former = false);
