using Microsoft.AspNetCore.Builder;

namespace Vox.Local.Hosting;

/// <summary>What a developer's machine needs besides the app: storage and SignalR emulators, started before the app's own services.</summary>
internal static class LocalDevelopment
{
    // Called at the end of CreateBuilder: configuration is complete, and what is registered here starts first and stops last.
    public static void AddLocalServices(WebApplicationBuilder builder)
    {
    }
}
