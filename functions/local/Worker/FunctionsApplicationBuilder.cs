using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vox.Local.Hosting;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Builds a function app that listens on the loopback address itself, without a Functions host.</summary>
public sealed class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    private readonly WebApplicationBuilder _web;
    private readonly IReadOnlyList<Type> _functionClasses;
    private readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> _middleware = [];
    private bool _hasWeb;
    private bool _built;

    internal FunctionsApplicationBuilder(string[]? args, IReadOnlyList<Type> functionClasses)
    {
        AzureHostGuard.ThrowIfStartedByHost(args ?? []);
        _functionClasses = functionClasses;
        _web = LocalHost.CreateBuilder(args ?? []);
    }

    internal FunctionsApplicationBuilder WithLocalServices()
    {
        LocalDevelopment.AddLocalServices(_web);
        return this;
    }

    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)_web).Properties;

    public ConfigurationManager Configuration => _web.Configuration;

    IConfigurationManager IHostApplicationBuilder.Configuration => _web.Configuration;

    public IHostEnvironment Environment => _web.Environment;

    public ILoggingBuilder Logging => _web.Logging;

    public IMetricsBuilder Metrics => _web.Metrics;

    public IServiceCollection Services => _web.Services;

    public void ConfigureContainer<TContainerBuilder>(
        IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull => ((IHostApplicationBuilder)_web).ConfigureContainer(factory, configure);

    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        _middleware.Add(middleware);
        return this;
    }

    /// <summary>Builds the app. Works once.</summary>
    public IHost Build()
    {
        if (_built) throw new InvalidOperationException("The application has already been built.");
        _built = true;

        var functions = FunctionDiscovery.Find(_functionClasses);
        if (!_hasWeb && functions.Any(f => f.Http is not null))
            throw new InvalidOperationException("The app has HTTP functions: call ConfigureFunctionsWebApplication() on its builder.");

        return LocalHost.Build(_web, functions, Pipeline.Compose(_middleware));
    }

    internal void UseWeb()
    {
        if (_hasWeb) return;
        _hasWeb = true;
        Use(Pipeline.Web);
    }
}

/// <summary>Adds ASP.NET Core integration.</summary>
public static class FunctionsWebApplicationExtensions
{
    /// <summary>Lets functions use the real HTTP request; middleware added after this call sees it too.</summary>
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder)
    {
        builder.UseWeb();
        return builder;
    }
}
