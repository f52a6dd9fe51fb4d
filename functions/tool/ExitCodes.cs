namespace Vox.OperatorTool;

internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The app refused, or the doctor found something that does not work.</summary>
    public const int Refused = 1;

    /// <summary>The command line is wrong, or a setting is missing.</summary>
    public const int Usage = 2;

    /// <summary>The app, or the Azure CLI, did not answer.</summary>
    public const int NotReached = 3;
}
