using System.Collections.Generic;
using UnityEngine;

namespace Sentio.EditorTools
{
    /// <summary>A common mistake, and how to fix it.</summary>
    public sealed class Mistake
    {
        /// <summary>The component.</summary>
        public readonly Component Where;

        /// <summary>What is wrong and what to do, in one line.</summary>
        public readonly string What;

        /// <summary>On a component, with a text.</summary>
        public Mistake(Component where, string what)
        {
            Where = where;
            What = what;
        }
    }

    /// <summary>Finds common mistakes in components and whole scenes.</summary>
    public static class Checks
    {
        /// <summary>All mistakes of the loaded scenes.</summary>
        public static List<Mistake> OfScene()
        {
            var found = new List<Mistake>();
            foreach (MonoBehaviour part in InScenes<MonoBehaviour>())
                foreach (string what in Of(part)) found.Add(new Mistake(part, what));
            return found;
        }

        /// <summary>The mistakes of one component; none for components that are not Sentio's.</summary>
        public static IEnumerable<string> Of(Component part)
        {
            if (part is SentioFeed) return OfFeed((SentioFeed)part);
            if (part is SentioBinding) return OfBinding((SentioBinding)part);
            if (part is SentioDirector) return OfDirector((SentioDirector)part);
            if (part is SentioExposure) return OfExposure((SentioExposure)part);
            if (part is SentioComparison) return OfComparison((SentioComparison)part);
            if (part is SentioRails) return OfRails((SentioRails)part);
            if (part is SentioBreathing) return Words(((SentioBreathing)part).Problem);
            if (part is SentioExpression) return Words(((SentioExpression)part).Problem);
            if (part is SentioMarker) return OfMarker((SentioMarker)part);
            if (part is SentioRecorder)
                return Words(((SentioRecorder)part).Client ? "" : "Choose the SentioClient to record from.");
            if (part is SentioHud && !((SentioHud)part).DevelopmentOnly)
                return Words("Players would be shown raw numbers: switch Development Only on.");
            return new string[0];
        }

        // Active components of the loaded scenes. Unity 6.6 calls FindObjectsByType with a sort mode obsolete, and
        // 2022.3 has no other.
        private static IEnumerable<T> InScenes<T>() where T : MonoBehaviour
        {
            foreach (T one in Resources.FindObjectsOfTypeAll<T>())
                if (one.isActiveAndEnabled && one.gameObject.scene.IsValid()) yield return one;
        }

        private static IEnumerable<string> OfFeed(SentioFeed feed)
        {
            int feeds = 0;
            foreach (SentioFeed one in InScenes<SentioFeed>())
                if (one.Subject == feed.Subject && one.isActiveAndEnabled) feeds++;
            if (feeds > 1) yield return "There are " + feeds + " feeds of the same person: components without a source take any of them.";
            var client = feed as SentioClient;
            if (client && client.Connection)
            {
                if (client.Connection.Problem.Length > 0) yield return client.Connection.Problem;
                string host = client.Connection.Host;
                if (host != "localhost" && !host.StartsWith("127.") && host != "::1")
                    yield return "The sidecar serves loopback only: " + host + " needs a tunnel.";
                if (client.Connection.Token.Length > 0) yield return "The connection's token is shipped with the game: set it at run time.";
            }
            var player = feed as SentioPlayer;
            if (player && !player.Recording && player.Path.Length == 0) yield return "Choose a recording (.frames), or give its path.";
        }

        private static IEnumerable<string> OfBinding(SentioBinding binding)
        {
            if (NoFeed(binding.Source)) yield return "There is no feed: add a SentioClient or a SentioSimulator to the scene.";
            if (LeftUnknown(binding.Source, binding.Entry))
                yield return "The simulator is set to leave " + AffectNames.Of(binding.Entry) + " unknown.";
            if (binding.OnChanged.GetPersistentEventCount() + binding.OnColour.GetPersistentEventCount() == 0)
                yield return "It has no target: add one to On Changed or On Colour, unless code subscribes to Changed.";
            for (int i = 1; i < binding.Points.Length; i++)
                if (binding.Points[i].x <= binding.Points[i - 1].x) yield return "The points' x must increase: point " + i + " does not.";
            if (binding.IsLight && !binding.Rails) yield return "A light without rails may flash: give it a SentioRails.";
            if (binding.Threshold <= 0) yield return "With the threshold 0 it follows values without confidence.";
        }

        private static IEnumerable<string> OfDirector(SentioDirector director)
        {
            if (director.Settings.Problem.Length > 0) yield return director.Settings.Problem;
            if (NoFeed(director.Source)) yield return "There is no feed: the director paces by time and performance alone.";
            if (LeftUnknown(director.Source, director.Settings.TargetEntry))
                yield return "The simulator is set to leave " + AffectNames.Of(director.Settings.TargetEntry) + " unknown.";
            if (!director.Rails) yield return "Without rails it cannot be frozen or stopped: give it a SentioRails.";
            // Two with one name in the same rails would limit each other's demand.
            foreach (SentioDirector other in InScenes<SentioDirector>())
                if (other != director && director.Rails && other.Rails == director.Rails && other.What == director.What)
                    yield return "Another SentioDirector of these rails is named '" + director.What + "' too.";
        }

        private static IEnumerable<string> OfExposure(SentioExposure exposure)
        {
            if (exposure.CalmBelow >= exposure.TenseAbove) yield return "Calm is not below tense: it would go further and back at once.";
            if (NoFeed(exposure.Source)) yield return "There is no feed: only people move it.";
            if (LeftUnknown(exposure.Source, exposure.Entry))
                yield return "The simulator is set to leave " + AffectNames.Of(exposure.Entry) + " unknown.";
        }

        private static IEnumerable<string> OfComparison(SentioComparison comparison)
        {
            if (comparison.Study.Length == 0) yield return "Name the study: its name decides which subjects get which arm.";
        }

        private static IEnumerable<string> OfRails(SentioRails rails)
        {
            if (!rails.Photosensitivity)
                yield return "Flashes are not limited: people with photosensitive epilepsy may be harmed.";
            if (!rails.Feed) yield return "Without a feed an operator cannot freeze it from outside.";
        }

        private static IEnumerable<string> OfMarker(SentioMarker marker)
        {
            if (marker.Marker.Length == 0) yield return "Give the marker a name, such as boss_spawned.";
            if (!marker.Feed && NoFeed(null)) yield return "There is no feed to send it to.";
        }

        private static bool LeftUnknown(SentioFeed chosen, AffectEntry entry)
        {
            var simulator = (chosen ? chosen : Object.FindAnyObjectByType<SentioFeed>()) as SentioSimulator;
            return simulator && System.Array.IndexOf(simulator.Unknown, entry) >= 0;
        }

        private static bool NoFeed(SentioFeed chosen) { return !chosen && !Object.FindAnyObjectByType<SentioFeed>(); }

        private static string[] Words(string problem) { return problem.Length > 0 ? new[] { problem } : new string[0]; }
    }
}
