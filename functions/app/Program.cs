using System.Text.Json;
using Azure.Core.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Vox.Chat.ApiKeys;
using Vox.Chat.ChatLogs;
using Vox.Chat.Contacts;
using Vox.Chat.Conversations;
using Vox.Chat.Conversations.Changes;
using Vox.Chat.Conversations.Groups;
using Vox.Chat.Conversations.Messages;
using Vox.Chat.Conversations.Personal;
using Vox.Chat.Conversations.Receipts;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Conversations.Threads;
using Vox.Chat.Devices;
using Vox.Chat.Events;
using Vox.Chat.Exports;
using Vox.Chat.Files;
using Vox.Chat.Issuers;
using Vox.Chat.Moderation;
using Vox.Chat.Moderation.Words;
using Vox.Chat.Moves;
using Vox.Chat.People;
using Vox.Chat.Projects;
using Vox.Chat.Protection;
using Vox.Chat.Push;
using Vox.Chat.Realtime;
using Vox.Chat.Requests;
using Vox.Chat.Scheduled;
using Vox.Chat.Search;
using Vox.Chat.ServerApi;
using Vox.Chat.ServerApi.Devices;
using Vox.Chat.ServerApi.Groups;
using Vox.Chat.ServerApi.Messages;
using Vox.Chat.ServerApi.Moderation;
using Vox.Chat.ServerApi.People;
using Vox.Chat.ServerApi.Search;
using Vox.Chat.ServerApi.Tokens;
using Vox.Chat.ServerApi.Users;
using Vox.Chat.ServerApi.Webhooks;
using Vox.Chat.Sessions;
using Vox.Chat.Usage;
using Vox.Chat.Users;
using Vox.Chat.Webhooks;
using Vox.Operations.Backups;
using Vox.Operations.Demo;
using Vox.Operations.Diagnostics;
using Vox.Operations.TimerWork;
using Vox.Platform.Http;
using Vox.Platform.Limits;
using Vox.Platform.Mail;
using Vox.Platform.Outbound;
using Vox.Platform.Queues;
using Vox.Platform.RowVersions;
using Vox.Platform.Security;
using Vox.Platform.StaticFiles;
using Vox.Platform.Storage;
using Vox.Platform.Telemetry;
using Vox.Platform.Timers;
using Vox.Portal.Accounts;
using Vox.Portal.ApiKeys;
using Vox.Portal.Billing;
using Vox.Portal.Estimate;
using Vox.Portal.Issuers;
using Vox.Portal.Moderation;
using Vox.Portal.Operators;
using Vox.Portal.Projects;
using Vox.Portal.Protection;
using Vox.Portal.Push;
using Vox.Portal.PushKeys;
using Vox.Portal.Requests;
using Vox.Portal.Usage;
using Vox.Portal.Users;
using Vox.Portal.Webhooks;

namespace Vox;

public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        using var host = CreateBuilder(args).Build();
        if (SettingsProblems.Find(host) is { Count: > 0 } problems)
        {
            await Console.Error.WriteLineAsync("The app does not start: " + string.Join(Environment.NewLine + "  ", ["", .. problems]));
            return 1;
        }

        await host.RunAsync();
        return 0;
    }

    /// <summary>The whole wiring. Tests start the same builder.</summary>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = FunctionsApplication.CreateBuilder(args);

        // ASP.NET's three log lines per request would all go to the host. This source comes first, so any setting overrides it.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = [KeyValuePair.Create("Logging:LogLevel:Microsoft.AspNetCore", (string?)"Warning")],
        });

        // Must come first: middleware that is registered before it sees no HttpContext.
        builder.ConfigureFunctionsWebApplication();
        builder.UseMiddleware<TelemetryMiddleware>();
        builder.UseMiddleware<CorsMiddleware>();
        builder.UseMiddleware<ErrorMiddleware>();
        builder.UseMiddleware<RequestMiddleware>();
        builder.UseMiddleware<RestoreGate>();
        builder.UseMiddleware<LimitMiddleware>();
        builder.UseMiddleware<UpstreamMiddleware>();
        builder.UseWhen<TimerMiddleware>(TimerMiddleware.IsTimer);

        // Otherwise, objects inside SignalR arguments would keep their C# names.
        builder.Services.Configure<WorkerOptions>(o => o.Serializer = new JsonObjectSerializer(new(JsonSerializerDefaults.Web)));
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddTelemetry();
        builder.Services
            .AddHttp().AddLimits().AddStorage().AddTimers().AddRowVersions().AddSecurity().AddMail().AddStaticFiles().AddOutbound()
            .AddQueues()
            .AddProjects().AddEvents().AddRequestLog()
            .AddApiKeys().AddUsers().AddSessions().AddRealtime().AddUsage().AddChatLogs().AddPeople().AddMoves()
            .AddContacts()
            .AddConversationStorage().AddGroups().AddMessages().AddReceipts().AddPersonalState().AddChanges().AddThreads()
            .AddConversations().AddFiles().AddScheduledMessages().AddSearch().AddDevices()
            .AddServerApi().AddServerUsers().AddServerTokens().AddServerMessages().AddServerSearch().AddServerGroups()
            .AddServerModeration().AddServerPeople().AddServerDevices().AddWebhooks().AddPush().AddServerWebhooks().AddIssuers()
            .AddAccounts().AddPortalProjects().AddPortalUsers().AddPushKeys().AddPortalPush().AddPortalApiKeys().AddPortalIssuers()
            .AddPortalWebhooks().AddPortalRequests().AddBilling()
            .AddPortalUsage().AddEstimate().AddOperators()
            .AddProtection().AddExports().AddPortalProtection()
            .AddFlags().AddWordLists().AddPortalModeration()
            .AddBackups().AddTimerWork().AddDiagnostics().AddDemo();
        return builder;
    }
}
