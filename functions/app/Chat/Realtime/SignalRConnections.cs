using System.Globalization;
using Microsoft.Extensions.Configuration;
using Vox.Chat.Projects;

namespace Vox.Chat.Realtime;

/// <summary>
/// The SignalR services of this installation, by number. A new project is placed by the hash of its id; its row keeps the number, so a
/// service that is added later moves nobody.
/// </summary>
public sealed class SignalRConnections(IConfiguration configuration) : IServiceChoice
{
    private readonly Lazy<SortedDictionary<int, SignalRConnection>> all = new(() => Read(configuration));

    private int[]? numbers;

    /// <summary>Empty when no service is configured.</summary>
    public IReadOnlyDictionary<int, SignalRConnection> All => all.Value;

    public IReadOnlyList<int> Numbers => numbers ??= [.. All.Keys];

    public ServicePlacement ChooseFor(string newProjectId) => Numbers.Count < 2
        ? ServicePlacement.First
        : new ServicePlacement([ServicePlacement.Choose(newProjectId, Numbers)]);

    private static SortedDictionary<int, SignalRConnection> Read(IConfiguration configuration)
    {
        var services = new SortedDictionary<int, SignalRConnection>();
        if (SignalRConnection.From(configuration) is { } first)
        {
            services[0] = first;
        }

        // Not from the options: an empty value stands for a service that was taken out, and the others keep their numbers.
        foreach (var setting in configuration.GetSection(RealtimeOptions.Section + ":" + nameof(RealtimeOptions.Services)).GetChildren())
        {
            if (!string.IsNullOrWhiteSpace(setting.Value))
            {
                services[int.Parse(setting.Key, CultureInfo.InvariantCulture)] = SignalRConnection.Of(setting.Value);
            }
        }

        return services;
    }
}
