using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Vox.DevHost.Http;

/// <summary>Puts the host's routing in front of the worker's pipeline. The filter that is registered first is the outermost.</summary>
internal sealed class HostStartupFilter(HttpDispatcher dispatcher) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(worker => http => dispatcher.HandleAsync(http, worker));
        next(app);
    };
}
