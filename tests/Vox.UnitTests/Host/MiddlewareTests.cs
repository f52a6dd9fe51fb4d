using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Vox.Tests.Host;

public sealed class MiddlewareTests
{
    [Fact]
    public async Task Middleware_OfOneApp_RunsInOrderAndSeesTheRequestOnlyBehindTheWebApplication()
    {
        var builder = HostedApp.BareBuilder(typeof(Functions));
        var log = new ConcurrentQueue<string>();
        builder.Services.AddSingleton(log);
        builder.UseMiddleware<Early>();
        builder.ConfigureFunctionsWebApplication();
        builder.UseMiddleware<Late>();
        builder.UseWhen<Never>(_ => false);
        await using var app = await HostedApp.StartAsync(builder);

        await app.GetAsync("/single?what=ok");

        Assert.Equal(["early False", "late True", "function", "late after OkResult", "early after"], log, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("/single")]
    [InlineData("/multi")]
    public async Task Result_SetWithoutNext_AnswersAndTheFunctionNeverRuns(string path)
    {
        var (app, log) = await StartAsync<ShortCircuit>();
        await using var stop = app;

        Assert.Equal((HttpStatusCode.Conflict, "stopped"), await app.GetAsync(path));
        Assert.Empty(log);
    }

    [Theory]
    [InlineData("/single?what=throw")]
    [InlineData("/multi?what=throw")]
    public async Task Result_SetAfterCatchingAnException_Answers(string path)
    {
        var (app, _) = await StartAsync<Catching>();
        await using var stop = app;

        Assert.Equal((HttpStatusCode.BadGateway, ""), await app.GetAsync(path));
    }

    [Fact]
    public async Task Outputs_OfAMultiOutputFunction_AreListedAndItsOwnResultIsNull()
    {
        var (app, log) = await StartAsync<Listing>();
        await using var stop = app;

        Assert.Equal((HttpStatusCode.OK, "multi"), await app.GetAsync("/multi?what=ok"));
        Assert.Equal(
            ["Http http", "Message signalR", "function", "result null"], log.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact]
    public async Task ResultOfASingleOutput_ReplacedAfterNext_IsWritten()
    {
        var (app, _) = await StartAsync<Catching>();
        await using var stop = app;

        Assert.Equal((HttpStatusCode.OK, ""), await app.GetAsync("/single?what=ok"));
    }

    [Fact]
    public void Build_Twice_Throws()
    {
        var builder = HostedApp.Builder(typeof(Functions));
        builder.Services.AddSingleton(new ConcurrentQueue<string>());
        using var host = builder.Build();

        Assert.Throws<InvalidOperationException>(() => builder.Build());
    }

    private static async Task<(HostedApp App, ConcurrentQueue<string> Log)> StartAsync<T>()
        where T : class, IFunctionsWorkerMiddleware
    {
        var log = new ConcurrentQueue<string>();
        var builder = HostedApp.Builder(typeof(Functions));
        builder.Services.AddSingleton(log);
        builder.UseMiddleware<T>();
        return (await HostedApp.StartAsync(builder), log);
    }

    public sealed class Functions(ConcurrentQueue<string> log)
    {
        [Function("Single")]
        public IActionResult Single([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
        {
            Enter(request);
            return new OkResult();
        }

        [Function("Multi")]
        public Multi RunMulti([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "multi")] HttpRequest request)
        {
            Enter(request);
            return new Multi { Http = new ContentResult { Content = "multi" } };
        }

        private void Enter(HttpRequest request)
        {
            log.Enqueue("function");
            if (request.Query.TryGetValue("what", out var what) && what.Contains("throw", StringComparer.Ordinal))
            {
                throw new InvalidOperationException();
            }
        }
    }

    public sealed class Multi
    {
        [HttpResult]
        public IActionResult? Http { get; set; }

        [SignalROutput(HubName = "chat")]
        public SignalRMessageAction? Message { get; set; }
    }

    internal sealed class Early(ConcurrentQueue<string> log) : IFunctionsWorkerMiddleware
    {
        public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            log.Enqueue($"early {context.GetHttpContext() is not null}");
            await next(context);
            log.Enqueue("early after");
        }
    }

    internal sealed class Late(ConcurrentQueue<string> log) : IFunctionsWorkerMiddleware
    {
        public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            log.Enqueue($"late {context.GetHttpContext() is not null}");
            await next(context);
            log.Enqueue($"late after {context.GetInvocationResult().Value?.GetType().Name}");
        }
    }

    internal sealed class Never : IFunctionsWorkerMiddleware
    {
        public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) => throw new NotSupportedException();
    }

    internal sealed class ShortCircuit : IFunctionsWorkerMiddleware
    {
        public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            context.GetInvocationResult().Value = new ContentResult { StatusCode = 409, Content = "stopped" };
            return Task.CompletedTask;
        }
    }

    internal sealed class Catching : IFunctionsWorkerMiddleware
    {
        public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            try
            {
                await next(context);
            }
            catch (InvalidOperationException)
            {
                context.GetInvocationResult().Value = new StatusCodeResult(502);
            }
        }
    }

    internal sealed class Listing(ConcurrentQueue<string> log) : IFunctionsWorkerMiddleware
    {
        public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            await next(context);
            log.Enqueue($"result {context.GetInvocationResult().Value ?? "null"}");
            foreach (var output in context.GetOutputBindings<object>())
            {
                log.Enqueue($"{output.Name} {output.BindingType}");
            }
        }
    }
}
