using System.Text.Json;
using Azure.Core.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Vox.Billing;
using Vox.ChatLogs;
using Vox.Contacts;
using Vox.Conversations;
using Vox.Demo;
using Vox.Developers;
using Vox.Diagnostics;
using Vox.Files;
using Vox.Groups;
using Vox.Http;
using Vox.Limits;
using Vox.Mail;
using Vox.Messages;
using Vox.Presence;
using Vox.Profiles;
using Vox.Projects;
using Vox.PushKeys;
using Vox.Realtime;
using Vox.Receipts;
using Vox.Security;
using Vox.Sessions;
using Vox.StaticFiles;
using Vox.Storage;
using Vox.Users;

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

    /// <summary>The whole wiring; tests start the same.</summary>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = FunctionsApplication.CreateBuilder(args);

        // ASP.NET's three lines of every request would all go to the host. First among the sources: any setting overrides it.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = [KeyValuePair.Create("Logging:LogLevel:Microsoft.AspNetCore", (string?)"Warning")],
        });

        // First, on its own: middleware that is registered before it sees no HttpContext.
        builder.ConfigureFunctionsWebApplication();
        builder.UseMiddleware<TelemetryMiddleware>();
        builder.UseMiddleware<CorsMiddleware>();
        builder.UseMiddleware<ErrorMiddleware>();
        builder.UseMiddleware<LimitMiddleware>();

        // Objects inside SignalR arguments would keep their C# names otherwise.
        builder.Services.Configure<WorkerOptions>(o => o.Serializer = new JsonObjectSerializer(new(JsonSerializerDefaults.Web)));
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services
            .AddHttp().AddLimits().AddStorage().AddSecurity()
            .AddProjects().AddUsers().AddSessions().AddConversations().AddMessages().AddChatLogs().AddReceipts().AddRealtime()
            .AddGroups().AddContacts().AddProfiles().AddPresence().AddFiles()
            .AddMail().AddDevelopers().AddPushKeys().AddBilling()
            .AddStaticFiles().AddDemo();
        builder.AddDiagnostics();
        return builder;
    }
}
