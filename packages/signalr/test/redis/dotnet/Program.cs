using Microsoft.AspNetCore.SignalR;
using StackExchange.Redis;

// A node of ASP.NET Core: prints its port, and ends when its input does.
var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddSingleton<IUserIdProvider, TokenIsUser>();
builder.Services.AddSignalR()
    .AddMessagePackProtocol()
    .AddStackExchangeRedis(options =>
    {
        options.Configuration = ConfigurationOptions.Parse($"!{Environment.GetEnvironmentVariable("REDIS_SOCKET")}");
        var prefix = Environment.GetEnvironmentVariable("CHANNEL_PREFIX");
        if (!string.IsNullOrEmpty(prefix)) options.Configuration.ChannelPrefix = RedisChannel.Literal(prefix);
        options.Configuration.AbortOnConnectFail = false;
    });

var app = builder.Build();
app.MapHub<NodesHub>("/nodes");
await app.StartAsync();
Console.WriteLine(new Uri(app.Urls.First()).Port);
await Console.In.ReadToEndAsync();
await app.StopAsync();

/// <summary>The token is the user's id.</summary>
class TokenIsUser : IUserIdProvider
{
    public string? GetUserId(HubConnectionContext connection)
    {
        var request = connection.GetHttpContext()?.Request;
        var bearer = request?.Headers.Authorization.ToString();
        return string.IsNullOrEmpty(bearer) ? request?.Query["access_token"] : bearer["Bearer ".Length..];
    }
}
