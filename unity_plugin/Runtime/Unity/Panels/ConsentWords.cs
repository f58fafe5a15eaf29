using System.Collections.Generic;

namespace Sentio
{
    /// <summary>Texts of the consent dialog for sensors and purposes.</summary>
    public static class ConsentWords
    {
        /// <summary>Name of a sensor.</summary>
        public static string Name(string sensor)
        {
            switch (sensor)
            {
                case "camera": return "Camera";
                case "microphone": return "Microphone";
                case "body": return "Heart and skin";
                case "eeg": return "EEG headband";
                case "text": return "What you type";
                case "headset": return "VR headset";
                case "input": return "How you play";
                case "motion": return "Movement";
                default: return sensor.Length == 0 ? "" : char.ToUpperInvariant(sensor[0]) + sensor.Substring(1);
            }
        }

        /// <summary>Description of a sensor.</summary>
        public static string About(string sensor)
        {
            switch (sensor)
            {
                case "camera": return "Your facial expression. Pictures are not kept unless you allow it.";
                case "microphone": return "How your voice sounds. What you say is not written down.";
                case "body": return "Pulse, breathing and skin conductance from a strap or a band.";
                case "eeg": return "Brain waves: how focused or relaxed you seem.";
                case "text": return "The tone of lines that you write in the game's chat.";
                case "headset": return "Movements of face and eyes that the headset measures.";
                case "input": return "How often and how evenly you press and move, never what you type.";
                case "motion": return "How your head and hands move.";
                default: return "";
            }
        }

        /// <summary>Text for each purpose.</summary>
        public static string Purpose(string purpose)
        {
            switch (purpose)
            {
                case "adapt": return "Let the game respond to it, right now";
                case "exercise": return "Let an exercise respond to it, right now";
                case "research": return "Use it for a study, right now";
                case "record": return "Keep what is estimated from it";
                case "record_raw": return "Keep the raw recording itself";
                case "personal_model": return "Keep a model of how you react";
                case "share": return "Let it leave this computer";
                default: return purpose;
            }
        }

        /// <summary>The question for the guardian of a child.</summary>
        public const string Guardian = "For a child, a parent or guardian allows it. Guardian's name or code:";

        /// <summary>Whether a purpose permits reading a sensor. The others need one that does.</summary>
        public static bool IsLive(string purpose) { return purpose == "adapt" || purpose == "exercise" || purpose == "research"; }

        /// <summary>Whether a person's consent permits reading a sensor.</summary>
        public static bool Reads(SentioClient client, string sensor)
        {
            foreach (object purpose in Maps.List(client.Consent, sensor)) if (IsLive(purpose as string)) return true;
            return false;
        }

        /// <summary>One line about the receipt of a reply to consent; empty without one.</summary>
        public static string Receipt(Dictionary<string, object> body)
        {
            foreach (object each in Maps.List(body, "receipts"))
            {
                var receipt = each as Dictionary<string, object>;
                string at = Maps.Text(receipt, "at"), expires = Maps.Text(receipt, "expires");
                string line = Maps.Text(receipt, "sensor") + (Maps.Flag(receipt, "granted") ? " granted, " : " withdrawn, ")
                    + (at.Length > 16 ? at.Substring(0, 16).Replace('T', ' ') : at);
                string guardian = Maps.Text(receipt, "guardian");
                if (guardian.Length > 0) line += ", by guardian " + guardian;
                if (expires.Length >= 10) line += ", until " + expires.Substring(0, 10);
                return line + ". Receipt " + Maps.Text(receipt, "id");
            }
            return "";
        }

        /// <summary>A sentence for the person if a recording has no estimates of them; empty otherwise.</summary>
        public static string NotKept(Dictionary<string, object> recording)
        {
            var names = new List<string>();
            foreach (string sensor in HudText.LackingSensors(recording)) names.Add(Name(sensor));
            if (names.Count == 0) return "";
            return "A recording is running. Your estimates are not kept in it, because keeping them is not allowed for: "
                + string.Join(", ", names.ToArray()) + ".";
        }

        /// <summary>Text for a sensor's state; <paramref name="state"/> is from the detail.</summary>
        public static string State(bool granted, string state)
        {
            if (!granted) return "Not read";
            if (state == "on") return "Being read";
            if (state == "ended") return "Its file has ended";
            return state == "absent" ? "No device" : "Allowed";
        }
    }
}
