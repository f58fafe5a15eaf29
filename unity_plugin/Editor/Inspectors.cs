using System.Globalization;
using UnityEditor;
using UnityEngine;

namespace Sentio.EditorTools
{
    /// <summary>An inspector with the component's mistakes above and live values below.</summary>
    public abstract class LiveEditor : UnityEditor.Editor
    {
        /// <inheritdoc/>
        public override bool RequiresConstantRepaint() { return Application.isPlaying; }

        /// <inheritdoc/>
        public override void OnInspectorGUI()
        {
            foreach (string what in Checks.Of((Component)target)) EditorGUILayout.HelpBox(what, MessageType.Warning);
            DrawDefaultInspector();
            if (!Application.isPlaying) return;
            EditorGUILayout.Space();
            EditorGUILayout.LabelField("Now", EditorStyles.boldLabel);
            DrawLive();
        }

        /// <summary>Draws the component's live values.</summary>
        protected abstract void DrawLive();

        /// <summary>Why a component waits, or what it follows.</summary>
        protected static void ShowStatus(string status)
        {
            bool follows = status.StartsWith("following ", System.StringComparison.Ordinal);
            EditorGUILayout.HelpBox(status, follows ? MessageType.Info : MessageType.Warning);
        }

        /// <summary>A bar from 0 to 1 with its number; unknown if NaN.</summary>
        protected static void Bar(string what, float value) { Bar(what, value, 0, 1); }

        /// <summary>A bar between limits with its number.</summary>
        protected static void Bar(string what, float value, float low, float high)
        {
            bool known = !float.IsNaN(value);
            string text = known ? what + "  " + value.ToString("0.00", CultureInfo.InvariantCulture) : what + "  unknown";
            EditorGUI.ProgressBar(EditorGUILayout.GetControlRect(), known ? Mathf.InverseLerp(low, high, value) : 0, text);
        }
    }

    /// <summary>Client, player and simulator: link and state.</summary>
    [CustomEditor(typeof(SentioFeed), true)]
    public sealed class FeedEditor : LiveEditor
    {
        private static readonly AffectEntry[] Signed = { AffectEntry.Valence, AffectEntry.Arousal };

        private static readonly AffectEntry[] Shares =
            { AffectEntry.Stress, AffectEntry.Engagement, AffectEntry.Relaxation, AffectEntry.Focus, AffectEntry.Confidence };

        /// <inheritdoc/>
        protected override void DrawLive()
        {
            var feed = (SentioFeed)target;
            EditorGUILayout.LabelField(feed.Link.ToString(), feed.LinkReason);
            foreach (AffectEntry entry in Signed) Bar(AffectNames.Of(entry), feed.FreshValue(entry), -1, 1);
            foreach (AffectEntry entry in Shares) Bar(AffectNames.Of(entry), feed.FreshValue(entry));
            var simulator = feed as SentioSimulator;
            if (!simulator) return;
            EditorGUILayout.BeginHorizontal();
            foreach (SimulatedReaction one in simulator.Reactions) if (GUILayout.Button(one.Marker)) simulator.Mark(one.Marker, null);
            EditorGUILayout.EndHorizontal();
        }
    }

    /// <summary>A binding's value and weight.</summary>
    [CustomEditor(typeof(SentioBinding))]
    public sealed class BindingEditor : LiveEditor
    {
        /// <inheritdoc/>
        protected override void DrawLive()
        {
            var binding = (SentioBinding)target;
            ShowStatus(binding.Status);
            Bar("value", binding.Value, Extreme(binding, -1), Extreme(binding, 1));
            Bar("trust", binding.Trust);
        }

        private static float Extreme(SentioBinding binding, int sign)
        {
            float best = float.NegativeInfinity;
            foreach (Vector2 point in binding.Points) best = Mathf.Max(best, sign * point.y);
            return float.IsInfinity(best) ? Mathf.Max(sign, 0) : sign * best;
        }
    }

    /// <summary>State of the pacing, with buttons to enter one.</summary>
    [CustomEditor(typeof(SentioDirector))]
    public sealed class DirectorEditor : LiveEditor
    {
        /// <inheritdoc/>
        protected override void DrawLive()
        {
            var director = (SentioDirector)target;
            ShowStatus(director.Status);
            EditorGUILayout.LabelField("state", director.State.ToString());
            Bar("demand", director.Demand);
            Bar("intensity", director.Intensity);
            Bar("performance", director.Performance);
            EditorGUILayout.BeginHorizontal();
            foreach (Behaviour.PacingState state in new[] { Behaviour.PacingState.BuildUp, Behaviour.PacingState.Peak, Behaviour.PacingState.Fade, Behaviour.PacingState.Relax })
                if (GUILayout.Button(state.ToString())) director.Enter(state);
            EditorGUILayout.EndHorizontal();
        }
    }

    /// <summary>Limited values, with freeze and stop.</summary>
    [CustomEditor(typeof(SentioRails))]
    public sealed class RailsEditor : LiveEditor
    {
        private const int Shown = 8;

        /// <inheritdoc/>
        protected override void DrawLive()
        {
            var rails = (SentioRails)target;
            EditorGUILayout.LabelField(rails.Ended.Length > 0 ? rails.Ended : rails.Frozen ? "frozen" : "following");
            EditorGUILayout.BeginHorizontal();
            if (GUILayout.Button(rails.Frozen ? "Unfreeze" : "Freeze"))
            {
                if (rails.Frozen) rails.Unfreeze();
                else rails.Freeze();
            }
            if (GUILayout.Button("Safe stop")) rails.SafeStop();
            if (GUILayout.Button("Restart")) rails.Restart();
            EditorGUILayout.EndHorizontal();
            for (int i = rails.Audit.Count - 1; i >= 0 && i >= rails.Audit.Count - Shown; i--)
            {
                RailNote note = rails.Audit[i];
                string text = string.Format(CultureInfo.InvariantCulture, "{0}: {1:0.00} for {2:0.00}, {3} times", note.Rail, note.Given, note.Requested, note.Count);
                EditorGUILayout.LabelField(note.What, text);
            }
        }
    }

    /// <summary>Step and height of an exposure, and why it waits.</summary>
    [CustomEditor(typeof(SentioExposure))]
    public sealed class ExposureEditor : LiveEditor
    {
        /// <inheritdoc/>
        protected override void DrawLive()
        {
            var exposure = (SentioExposure)target;
            ShowStatus(exposure.Status);
            Bar("step", exposure.Step, 0, exposure.Steps);
            Bar("height", exposure.Height, 0, exposure.Steps);
        }
    }

    /// <summary>Stage, rate and coherence.</summary>
    [CustomEditor(typeof(SentioBreathing))]
    public sealed class BreathingEditor : LiveEditor
    {
        /// <inheritdoc/>
        protected override void DrawLive()
        {
            var breathing = (SentioBreathing)target;
            ShowStatus(breathing.Status);
            Bar(breathing.Stage.ToString(), breathing.Volume);
            Bar("breaths a minute", breathing.Rate, 3, 20);
            Bar("coherence", breathing.Coherence);
        }
    }

    /// <summary>The face's current weights.</summary>
    [CustomEditor(typeof(SentioExpression))]
    public sealed class ExpressionEditor : LiveEditor
    {
        /// <inheritdoc/>
        protected override void DrawLive()
        {
            var expression = (SentioExpression)target;
            EditorGUILayout.LabelField("shapes", expression.KnownShapes + " of " + Behaviour.ArkitShapes.Count);
            for (int i = 0; i < Behaviour.ArkitShapes.Count; i++)
            {
                string name = Behaviour.ArkitShapes.Name(i);
                if (expression.Weight(name) > 0.01f) Bar(name, expression.Weight(name));
            }
        }
    }
}
