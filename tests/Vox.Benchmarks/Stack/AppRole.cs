using Azure.Core.Pipeline;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Vox.Chat.ChatLogs;
using Vox.Chat.Conversations.Groups;
using Vox.Chat.Projects;
using Vox.Chat.Realtime;
using Vox.Tests.Fixture;

namespace Vox.Benchmarks.Stack;

/// <summary>The real app in a process of its own, with a channel beside it to ask what the app has used.</summary>
internal static class AppRole
{
    public const string Name = "role-app";

    /// <summary>An argument of the process. With it, the rows of answers are counted too, which costs time.</summary>
    public const string CountRows = "--count-rows";

    public static async Task RunAsync(string[] arguments)
    {
        var rows = new RowCounter();
        using var types = arguments.Contains(AllocationTypes.Argument, StringComparer.Ordinal) ? new AllocationTypes() : null;
        var builder = TestHost.CreateBuilder(arguments.Where(a =>
            a is not (CountRows or AllocationTypes.Argument) && !a.StartsWith(StorageDelay.Argument, StringComparison.Ordinal)));
        if (StorageDelay.Of(arguments) is { } delay)
        {
            builder.Services.AddSingleton<HttpPipelinePolicy>(delay);
        }

        if (arguments.Contains(CountRows, StringComparer.Ordinal))
        {
            builder.Services.AddSingleton<HttpPipelinePolicy>(rows);
        }

        using var host = builder.Build();
        await host.StartAsync();
        var address = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        await ChildRole.ServeAsync(address, async words => words switch
        {
            ["usage"] => AppUsage.Now(host.Services, rows),
            ["allocations"] => types!.Take(),
            ["project", var name] => await CreateProjectAsync(host.Services, name),
            ["search", var project] => await SwitchSearchOnAsync(host.Services, project),
            ["settle", var project] => await SettleAsync(host.Services, project),
            _ => throw new InvalidOperationException(string.Join(' ', words)),
        });
        await host.StopAsync();
    }

    private static async Task<object> CreateProjectAsync(IServiceProvider services, string name)
    {
        var (project, token) = await services.GetRequiredService<ProjectService>().CreateAsync(name, CancellationToken.None);
        return new { project.Id, Token = token };
    }

    private static async Task<object> SwitchSearchOnAsync(IServiceProvider services, string project)
    {
        await services.GetRequiredService<ProjectService>().UpdateAsync(
            project, stored => stored with { SearchEnabled = true }, CancellationToken.None);
        return new { };
    }

    /// <summary>Completes when everything that was sent so far is logged and pushed.</summary>
    private static async Task<object> SettleAsync(IServiceProvider services, string project)
    {
        await services.GetRequiredService<ChatLogWriter>().DrainAsync(project);
        while (services.GetRequiredService<Pusher>().Running > 0 || services.GetRequiredService<DelayedJoins>().Running > 0)
        {
            await Task.Delay(1);
        }

        return true;
    }
}
