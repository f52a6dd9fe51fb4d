using Microsoft.Extensions.DependencyInjection;

namespace Vox.Portal.Operators;

internal static class OperatorRegistration
{
    public static IServiceCollection AddOperators(this IServiceCollection services) => services.AddSingleton<OperatorService>();
}
