using Vox.Chat.Projects;
using Vox.Platform.ErrorCatalogue;
using Vox.Portal.Accounts;
using Vox.Portal.Projects;

namespace Vox.Portal.Operators;

/// <summary>
/// What operators do with projects. They have no accounts: whoever has the master key of the function app is one. The project's audit log
/// says <c>operator</c>.
/// </summary>
public sealed class OperatorService(
    ProjectService projects, ProjectStore store, MemberStore members, DeveloperStore developers, AuditLog audit, TimeProvider time)
{
    private const string Who = "operator";

    /// <param name="after">The <c>Next</c> of the page before; null: the first page.</param>
    public async Task<OperatorProjectPage> ListAsync(string? after, int size, CancellationToken cancellationToken)
    {
        var page = new List<OperatorProject>(size);
        await foreach (var project in store.ListAsync(after, size + 1, cancellationToken))
        {
            if (page.Count == size)
            {
                return new OperatorProjectPage(page, page[^1].Id);
            }

            page.Add(ToWire(project));
        }

        return new OperatorProjectPage(page, null);
    }

    /// <exception cref="VoxException">project_not_found</exception>
    public async Task<OperatorProjectDetails> ReadAsync(string projectId, CancellationToken cancellationToken)
    {
        var project = await projects.FindNowAsync(projectId, cancellationToken) ?? await projects.GetAsync(projectId, cancellationToken);
        var found = await members.ListAsync(project.Id, cancellationToken);
        return new OperatorProjectDetails(
            ToWire(project), project.PreviousTokenUntil,
            found.ConvertAll(m => new MemberResponse(m.DeveloperId, m.Email, m.Name, m.Role, m.Since)));
    }

    /// <exception cref="VoxException">missing_field, too_long, invalid_field; user_not_found, when the owner has no account</exception>
    public async Task<ProjectKeys> CreateAsync(string? name, string? ownerEmail, CancellationToken cancellationToken)
    {
        var checkedName = DeveloperInput.Text(name, "name", 60);
        Developer? owner = null;
        if (!string.IsNullOrWhiteSpace(ownerEmail))
        {
            var account = await developers.FindByEmailAsync(DeveloperInput.Email(ownerEmail), cancellationToken);
            owner = account is { ActivatedAt: not null }
                ? account
                : throw new VoxException(
                    Errors.UserNotFound, "There is no portal account for this address: make a sign-in link for it first.", "email");
        }

        var (project, token) = await projects.CreateAsync(checkedName, PortalProjectService.NewMinPasswordLength, cancellationToken);
        if (owner is not null)
        {
            await members.SetAsync(
                new ProjectMember(project.Id, owner.Id, owner.Email, owner.Name, ProjectRole.Owner, time.GetUtcNow(), default),
                cancellationToken);
        }

        await audit.OfProjectAsync(
            project.Id, Who, "project.created", owner is null ? checkedName : $"{checkedName}, owner {owner.Email}", "", cancellationToken);
        return new ProjectKeys(project.Id, token, null);
    }

    /// <param name="overlapHours">How long the present token stays valid: 0–168, default 24.</param>
    /// <exception cref="VoxException">project_not_found, invalid_field</exception>
    public async Task<ProjectKeys> RotateTokenAsync(string projectId, int? overlapHours, CancellationToken cancellationToken)
    {
        var hours = PortalProjectService.OverlapHours(overlapHours);
        var (project, token) = await projects.RotateTokenAsync(projectId, TimeSpan.FromHours(hours), cancellationToken);
        await audit.OfProjectAsync(
            project.Id, Who, "project.token_rotated", $"The old one stays good for {hours} h", "", cancellationToken);
        return new ProjectKeys(project.Id, token, hours > 0 ? project.PreviousTokenUntil : null);
    }

    private static OperatorProject ToWire(Project project) => new(project.Id, project.Name, project.CreatedAt, project.Account);
}
