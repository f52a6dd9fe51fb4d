using Microsoft.Azure.Functions.Worker.Converters;

namespace Vox.Platform.Http;

/// <summary>
/// Gives functions their token before any other converter is asked. The host offers query parameters and properties of a JSON body by
/// name. In its own order, the worker would read the token from one of the same name: <c>?cancellationToken=7</c> was answered with 500.
/// </summary>
internal sealed class CancellationTokenInput : IInputConverter
{
    public ValueTask<ConversionResult> ConvertAsync(ConverterContext context) => ValueTask.FromResult(
        context.TargetType == typeof(CancellationToken)
            ? ConversionResult.Success(context.FunctionContext.CancellationToken)
            : ConversionResult.Unhandled());
}
