using Azure.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Projects;
using Vox.Chat.Users;
using Vox.Tests.Fixture;

namespace Vox.Tests.Users;

/// <summary>What a timer finishes: one that fails does not hold up the others.</summary>
public sealed class ResumedDeletionTests(Backends backends)
{
    private readonly StorageFaults faults = new();
    private readonly ShiftedTime clock = new();

    [Fact]
    public async Task ResumeUserDeletions_TheFirstFails_TheOthersAreRemoved()
    {
        await using var app = await StartAsync();
        var project = await app.CreateProjectAsync();
        var store = app.Get<UserStore>();
        foreach (var name in new[] { "alice", "bob", "carol" })
        {
            await project.CreateUserAsync(name);
            var user = (await store.FindAsync(new(project.Id, name), CancellationToken.None))!;
            await store.NoteDeletionAsync(user, null, CancellationToken.None);
            await store.TryReplaceAsync(user with { DeletedAt = TimeProvider.System.GetUtcNow() }, CancellationToken.None);
        }

        Break("people", $"{project.Id}|aalice");
        await app.Get<UserRemoval>().ResumeAsync(CancellationToken.None);

        Assert.NotNull(await store.FindAsync(new(project.Id, "alice"), CancellationToken.None));
        Assert.Null(await store.FindAsync(new(project.Id, "bob"), CancellationToken.None));
        Assert.Null(await store.FindAsync(new(project.Id, "carol"), CancellationToken.None));
        faults.Choose = null;
        clock.Advance(TimeSpan.FromMinutes(2));
        await app.Get<UserRemoval>().ResumeAsync(CancellationToken.None);
        Assert.Null(await store.FindAsync(new(project.Id, "alice"), CancellationToken.None));
    }

    [Fact]
    public async Task ResumeProjectDeletions_TheFirstFails_TheOtherIsRemoved()
    {
        await using var app = await StartAsync();
        var projects = new[] { await app.CreateProjectAsync(), await app.CreateProjectAsync() };
        Array.Sort(projects, (one, other) => string.CompareOrdinal(one.Id, other.Id));
        foreach (var project in projects)
        {
            await project.CreateUserAsync("alice");
            await app.Get<ProjectRemoval>().BeginAsync(project.Id, CancellationToken.None);
        }

        Break("people", projects[0].Id);
        await app.Get<ProjectRemoval>().ResumeAsync(CancellationToken.None);

        Assert.Equal(0, await app.Get<UserStore>().CountAsync(projects[1].Id, CancellationToken.None));
    }

    /// <summary>Requests to the table that name this partition fail.</summary>
    private void Break(string table, string partition) => faults.Choose = request =>
    {
        var text = Uri.UnescapeDataString(request);
        return text.Contains(table, StringComparison.Ordinal) && text.Contains(partition, StringComparison.Ordinal)
            ? Fault.FailedBefore
            : Fault.None;
    };

    private Task<VoxApp> StartAsync() => VoxApp.StartAsync(
        backends,
        [
            "Storage:Retries=0", "AzureWebJobs.ResumeUserDeletions.Disabled=true", "AzureWebJobs.ResumeProjectDeletions.Disabled=true",
        ],
        builder => builder.Services.AddSingleton<HttpPipelinePolicy>(faults).AddSingleton<TimeProvider>(clock));
}
