using Vox.Portal.Projects;

namespace Vox.Portal.Operators;

/// <param name="Email">The account that becomes the owner. Absent: nobody, until somebody is invited.</param>
internal sealed record NewProjectRequest(string? Name, string? Email);

/// <param name="Account">The number of the storage account that has the project's data.</param>
public sealed record OperatorProject(string Id, string Name, DateTimeOffset CreatedAt, int Account);

/// <param name="Next">Goes into <c>after</c> for the next page; absent on the last.</param>
public sealed record OperatorProjectPage(IReadOnlyList<OperatorProject> Projects, string? Next);

public sealed record OperatorProjectDetails(
    OperatorProject Project, DateTimeOffset? PreviousTokenUntil, IReadOnlyList<MemberResponse> Members);
