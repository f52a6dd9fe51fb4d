using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Chat.Projects;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;
using Vox.Platform.Storage;

namespace Vox.Operations.Demo;

/// <summary>Creates a project with two users when the app starts for development, and says how to use it.</summary>
internal sealed partial class DemoProject(
    IOptions<DemoOptions> options, ProjectService projects, UserService users, StorageAdvice storage, IHostApplicationLifetime lifetime,
    ILogger<DemoProject> logger)
    : IHostedService
{
    private readonly string apiBase = options.Value.ApiBase is { Length: > 0 } given ? given : "http://localhost:7071";

    private static readonly DemoUser[] Users = [new("alice", "alice-demo"), new("bob", "bob-demo")];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.File is not { Length: > 0 } path)
        {
            return;
        }

        DemoFile demo;
        try
        {
            demo = await EnsureAsync(path, cancellationToken) with { ApiBase = apiBase };
        }
        catch (Exception e) when (ErrorResponses.Classify(e).Error == Errors.StorageUnavailable)
        {
            // The app starts anyway: /api/health/details reports the same problem, and what to do.
            NoStorage(storage.Explain(e));
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(demo, DemoJson.Wire.DemoFile) + "\n", cancellationToken);

        // Not before the app listens: somebody may paste the commands at once.
        lifetime.ApplicationStarted.Register(() => Ready(Welcome(demo, path)));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The project of the file, if the store still knows it; a new one otherwise.</summary>
    private async Task<DemoFile> EnsureAsync(string path, CancellationToken cancellationToken)
    {
        if (await ReadAsync(path, cancellationToken) is { } known)
        {
            try
            {
                var existing = await projects.AuthenticateAsync(known.ProjectId, known.AuthToken, cancellationToken);
                await AddUsersAsync(existing, cancellationToken);
                return known with { Users = Users };
            }
            catch (VoxException e) when (e.Error == Errors.InvalidProjectKeys)
            {
                // The store has been emptied since.
            }
        }

        var (project, token) = await projects.CreateAsync("Demo", cancellationToken);
        await AddUsersAsync(project, cancellationToken);
        return new DemoFile(apiBase, project.Id, token, Users);
    }

    private async Task AddUsersAsync(Project project, CancellationToken cancellationToken)
    {
        foreach (var user in Users)
        {
            if (await users.FindRecentAsync(project.User(user.Username), cancellationToken) is null)
            {
                await users.CreateUserAsync(project, user.Username, user.Password, cancellationToken);
            }
        }
    }

    private static async Task<DemoFile?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize(await File.ReadAllTextAsync(path, cancellationToken), DemoJson.Wire.DemoFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private static string Welcome(DemoFile demo, string path) =>
        $$"""

        The demo project is in {{path}}. Developer portal and documentation:

          {{demo.ApiBase}}/portal/
          {{demo.ApiBase}}/docs/

        Chat in the browser as alice and as bob:

          {{demo.ApiBase}}/demo/

        Send a message from alice to bob:

          curl -X POST {{demo.ApiBase}}/sendchat -H 'Content-Type: application/json' -d '
        """
        + $$"""
        {"projectid":"{{demo.ProjectId}}","user":"alice","pass":"{{demo.Users[0].Password}}",
        """
        + $$"""
        "recipient":"bob","message":"Hello Bob","msgType":"1","ct":"text/plain"}'

        and read it back:

          curl '{{demo.ApiBase}}/api/getchathistory?projectid={{demo.ProjectId}}&authtoken={{demo.AuthToken}}
        """
        + """
        &fromnumber=NULL&tonumber=NULL&starttime=NULL&endtime=NULL&offset=0&size=10'

        """;

    [LoggerMessage(9200, LogLevel.Information, "{Text}")]
    private partial void Ready(string text);

    [LoggerMessage(9201, LogLevel.Error, "There is no demo project. {Advice}")]
    private partial void NoStorage(string advice);
}
