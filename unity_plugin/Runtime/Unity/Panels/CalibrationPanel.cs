using UnityEngine;

namespace Sentio
{
    /// <summary>Draws the calibration screen with Unity's immediate mode.</summary>
    internal sealed class CalibrationPanel
    {
        private const float Width = 460f;
        private const float Height = 320f;
        private const float BarHeight = 8f;

        private readonly Gui _gui = new Gui();

        internal void Draw(SentioCalibration calibration)
        {
            Vector2 screen = Gui.Screen;
            float width = Mathf.Min(Width, screen.x), height = Mathf.Min(Height, screen.y);
            _gui.Begin(new Rect((screen.x - width) / 2, (screen.y - height) / 2, width, height));
            _gui.Label(calibration.Headline, _gui.Title, Palette.Text);
            Rect bar = GUILayoutUtility.GetRect(1f, BarHeight, GUILayout.ExpandWidth(true));
            Gui.Fill(bar, Palette.Line);
            Gui.Fill(new Rect(bar.x, bar.y, bar.width * Mathf.Clamp01(calibration.Progress), bar.height), Palette.Teal);
            GUILayout.Space(12);
            _gui.Label(calibration.Text, _gui.Body, Palette.Muted);
            GUILayout.FlexibleSpace();
            GUILayout.BeginHorizontal();
            if (_gui.Button(calibration.LeaveWords)) calibration.Close();
            GUILayout.FlexibleSpace();
            if (_gui.Button(calibration.BeginWords))
            {
                if (calibration.Running) calibration.Stop();
                else calibration.Begin();
            }
            GUILayout.EndHorizontal();
            _gui.End();
        }
    }
}
