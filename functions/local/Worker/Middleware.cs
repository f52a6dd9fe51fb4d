namespace Microsoft.Azure.Functions.Worker.Middleware;

/// <summary>The rest of the pipeline, down to the function.</summary>
public delegate Task FunctionExecutionDelegate(FunctionContext context);

/// <summary>Code around every invocation. A singleton.</summary>
public interface IFunctionsWorkerMiddleware
{
    Task Invoke(FunctionContext context, FunctionExecutionDelegate next);
}
